import process from 'node:process'
import { loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { printableText } from '#kit/console/printable'
import { type Io, note, runMain, write } from '#kit/console/process'
import { checkJudge } from './check.ts'
import { openJudge } from './judge.ts'
import { voiceOf } from './open.ts'

const RUBRIC = 'evals/rubrics/answer.md'
const CONCURRENCY = 4

/** `npm run judge:check`: ends with 0 when the judge's scores count, else with 1. */
async function run(args: readonly string[], io: Io): Promise<void> {
  const [rubric = RUBRIC, ...more] = args
  if (more.length > 0 || rubric.startsWith('-'))
    throw new UsageError(
      `unknown argument: ${more[0] ?? rubric}`,
      'Try: npm run judge:check -- evals/rubrics/answer.md',
    )
  const judge = openJudge(await voiceOf(loadEnv(io.directory, io.env), (line) => note(io, line)))
  const { text, trusted } = await checkJudge({
    root: io.directory,
    judge,
    rubric,
    concurrency: CONCURRENCY,
    signal: io.signal,
  })
  await write(io.stdout, printableText(text))
  if (!trusted) process.exitCode = 1
}

await runMain(run)
