import { inspect } from 'node:util'
import { ConfigError, UsageError } from '#kit/console/errors'
import { parseArguments, parseChoice, parseWholeNumber } from '#kit/console/options'
import { toPrintable } from '#kit/console/printable'
import { LlmError } from '#kit/llm/errors'
import {
  bless,
  type CommandOutcome,
  checkGraders,
  compareWays,
  type EvalCommand,
  type EvalSession,
  gate,
  type Surroundings,
  startSession,
} from './commands.ts'
import { CannotRunError, toErrorMessage } from './errors.ts'
import { measureChange } from './experiment.ts'
import { formatSelfTest, formatTerminal } from './print.ts'
import { type Choice, type Chosen, type EvalCase, type EvalSettings, type Suite, sealSuite } from './suite.ts'
import { formatVerdict } from './verdict.ts'

const USAGE = `npm run eval                      run every case, compare with the baseline, write reports/
npm run eval:bless                make this run the baseline
npm run eval -- --self-test       do the graders fail bad answers?
npm run eval -- --compare         several ways side by side, where the suite offers that; no gate
npm run eval -- --filter TEXT     only cases with TEXT in the id or a tag; compares and writes nothing
npm run eval:bless -- --reason R  the same, with the reason kept in reports/history.jsonl
npm run eval -- --list            name every case that is new, changed or gone since the baseline, however many
npm run measure -- NAME           run every case before a change; the same again after it compares the two runs
npm run measure -- NAME --again   replace the run after the change
npm run eval -- --json            the report on stdout
npm run eval:offline              without a model, as in CI, whatever .env says
npm run eval -- --concurrency N   cases at a time, 1 to 64, default 4
npm run eval -- --suite NAME      one of several suites; --filter, --compare, --json and measure need it where there are several

exit codes: 0 pass, 1 regression, 2 usage, 3 inconclusive, 4 could not run
`

const OPTIONS = {
  'self-test': { type: 'boolean', default: false },
  compare: { type: 'boolean', default: false },
  filter: { type: 'string' },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  offline: { type: 'boolean', default: false },
  suite: { type: 'string' },
  concurrency: { type: 'string', default: '4' },
  reason: { type: 'string' },
  again: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/**
 * Runs the command line of `npm run eval`: prints what the commands return.
 * Returns the exit code; never throws.
 */
export async function runEvals<C extends EvalCase>(
  argv: readonly string[],
  loadSuite: () => Promise<Suite<C> | Choice>,
  surroundings: Surroundings,
): Promise<number> {
  const { stderr, env } = surroundings
  try {
    const loaded = await loadSuite()
    return await runEvalCommand(argv, 'choose' in loaded ? loaded : toChoice(loaded), surroundings)
  } catch (error) {
    if (env.DEBUG) stderr.write(`${inspect(error)}\n`)
    stderr.write(`${toErrorMessage(error)}\n${getHint(error)}\n`)
    if (error instanceof CannotRunError) return error.exitCode
    return error instanceof ConfigError || error instanceof UsageError ? 2 : 4
  }
}

async function runEvalCommand(
  argv: readonly string[],
  choice: Choice,
  surroundings: Surroundings,
): Promise<number> {
  const { command, settings } = parseEvalCommand(argv, choice)
  const { mode } = command
  if (mode === 'help') {
    surroundings.stdout.write(renderUsage(choice))
    return 0
  }
  // Suites read the environment, which overrides .env.
  if (settings.offline) surroundings.env.AI_PROVIDER = 'heuristic'
  const { suites, close } = await choice.choose(settings, mode, surroundings)
  try {
    const exitCodes: number[] = []
    for (const use of keepChosen(suites, command))
      exitCodes.push(await use((one) => runCommandOnSuite(one, command, surroundings)))
    return BY_WEIGHT.find((code) => exitCodes.includes(code)) ?? 0
  } finally {
    await close()
  }
}

/** Wraps a suite as a choice without options. */
function toChoice<C extends EvalCase>(suite: Suite<C>): Choice {
  const suites = [sealSuite(suite), ...(suite.also ?? [])]
  return {
    options: {},
    usage: '',
    wantsReason: false,
    choose: async () => ({ suites, close: async () => {} }),
  }
}

function renderUsage({ usage }: Choice): string {
  return usage === '' ? USAGE : USAGE.replace('\n\nexit', `\n\n${usage.trim()}\n\nexit`)
}

/**
 * Exit codes from worst to best: could not run, regression, inconclusive.
 * With several suites, the worst counts.
 */
const BY_WEIGHT = [4, 1, 3]

function keepChosen(all: Chosen['suites'], command: EvalCommand): Chosen['suites'] {
  const names = all.map((use) => use(({ name }) => name))
  if (command.suite !== null) {
    const only = all[names.indexOf(parseChoice('--suite', names, command.suite))]
    return only ? [only] : []
  }
  const isOfOne = command.filter !== null || command.json || ['compare', 'measure'].includes(command.mode)
  if (all.length > 1 && isOfOne)
    throw new UsageError(
      `--filter, --json, --compare and measure are for one suite: add --suite ${names.join(' or ')}`,
    )
  return all
}

async function runCommandOnSuite<C extends EvalCase>(
  suite: Suite<C>,
  command: EvalCommand,
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr } = surroundings
  const session = await startSession(suite, command, surroundings)
  const { mode } = command
  if (mode === 'self-test') {
    const answers = await checkGraders(session)
    stdout.write(formatSelfTest(answers))
    return answers.every(({ caught }) => caught) ? 0 : 1
  }
  if (mode === 'compare') {
    const { page, exitCode } = await compareWays(session)
    stdout.write(toPrintable(page))
    return exitCode
  }
  const { report, against, remark } = await runMode(command, session)
  // Keeping a run is no comparison: a weak model's run is blessed or measured all the same.
  const kept = report.summary.errors === 0 ? KEPT[mode] : undefined
  const options = {
    isFiltered: command.filter !== null,
    headline: kept ?? formatVerdict(report),
    renderOutput: suite.renderOutput,
  }
  stdout.write(
    command.json ? `${JSON.stringify(report, null, 2)}\n` : formatTerminal(report, against, options),
  )
  if (remark !== null) stderr.write(`${remark}\n`)
  return kept === undefined ? report.gate.exitCode : 0
}

/** The headline of modes that keep a run. */
const KEPT: Partial<Record<EvalCommand['mode'], string>> = { bless: 'BLESSED', measure: 'MEASURED' }

function runMode<C extends EvalCase>(command: EvalCommand, session: EvalSession<C>): Promise<CommandOutcome> {
  if (command.experiment !== null) return measureChange(session, command.experiment)
  return command.mode === 'bless' ? bless(session) : gate(session)
}

/** Throws `UsageError` for unknown arguments and for options that contradict each other. */
function parseEvalCommand(
  argv: readonly string[],
  { options, wantsReason }: Choice,
): { command: EvalCommand; settings: EvalSettings } {
  const { values, positionals } = parseArguments(argv, { ...options, ...OPTIONS })
  const { filter = null, suite = null, reason = null, json, list, again } = values
  const { verb, experiment } = parseVerb(positionals)
  const concurrency = parseWholeNumber('--concurrency', 1, 64, values.concurrency)
  if (filter === '') throw new UsageError('--filter needs a text')
  if (verb === 'bless' && filter !== null)
    throw new UsageError('a filtered run cannot be blessed: bless all cases')
  if (verb === 'measure' && (filter !== null || values['self-test'] || values.compare))
    throw new UsageError('measure runs every case: leave out --filter, --self-test and --compare')
  if (again && verb !== 'measure') throw new UsageError('--again goes with measure')
  if (reason !== null && verb !== 'bless') throw new UsageError('--reason goes with bless')
  if (verb === 'bless' && (wantsReason || reason !== null) && !/\p{L}/u.test(reason ?? ''))
    throw new UsageError(
      'blessing needs a reason: npm run eval:bless -- --reason "what changed, and why that is meant"',
    )
  if (values['self-test'] && (verb === 'bless' || filter !== null || json || values.compare))
    throw new UsageError('--self-test goes with no other mode')
  if (values.compare && (verb === 'bless' || json))
    throw new UsageError('--compare goes with --filter and --concurrency only')
  const mode = chooseMode(values, verb)
  if (list && (mode !== 'gate' || filter !== null))
    throw new UsageError('--list is for a whole run: it goes with --json, --suite and --concurrency only')
  const command = { mode, filter, json, list, concurrency, suite, reason, experiment, again }
  return { command, settings: values }
}

type Verb = 'bless' | 'measure' | undefined

/** Throws `UsageError` for words that are no verb, and for `measure` without a name. */
function parseVerb(words: readonly string[]): { verb: Verb; experiment: string | null } {
  const [verb, name, ...more] = words
  if (verb === 'measure') {
    if (name === undefined || !/^[a-z0-9][\w-]*$/i.test(name) || more.length > 0)
      throw new UsageError('measure needs a name for the change: npm run measure -- shorter-prompt')
    return { verb, experiment: name }
  }
  if (name !== undefined || (verb !== undefined && verb !== 'bless'))
    throw new UsageError(`unknown argument: ${name ?? verb}`)
  return { verb, experiment: null }
}

function chooseMode(
  values: { help: boolean; 'self-test': boolean; compare: boolean },
  verb: Verb,
): EvalCommand['mode'] {
  if (values.help) return 'help'
  if (values['self-test']) return 'self-test'
  return values.compare ? 'compare' : (verb ?? 'gate')
}

function getHint(error: unknown): string {
  if (error instanceof UsageError) return 'See: npm run eval -- --help'
  const isOurs = error instanceof CannotRunError || error instanceof ConfigError || error instanceof LlmError
  return isOurs ? error.hint : 'DEBUG=1 shows where this came from'
}
