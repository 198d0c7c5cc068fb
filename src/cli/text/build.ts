import type { BuildResult, ExerciseState, ListedExercise } from '../../commands/build/build.ts'
import type { BuildProgress } from '../../commands/build/stages.ts'
import type { BuildRecord } from '../../core/exercises/records.ts'
import type { RedTest } from '../../core/exercises/test-report.ts'
import { escapeControls } from '../../core/text.ts'
import { countNoun } from '../../core/words.ts'
import type { Look } from './gates.ts'
import { wrapHanging } from './lines.ts'

type BuildStep = Extract<BuildResult, { kind: 'step' }>

/** What `build` prints. */
export function describeBuild(result: BuildResult, look: Look): string {
  return `${listLines(result, look).join('\n').trimEnd()}\n`
}

function listLines(result: BuildResult, look: Look): string[] {
  switch (result.kind) {
    case 'list':
      return listExercises(result.exercises, look)
    case 'hints':
      return listHints(result, look)
    case 'comparison':
      return describeComparison(result, look)
    case 'step':
      return describeStep(result, look)
    case 'merged':
      return describeMerged(result, look)
    case 'returned':
      return [
        `${result.exercise.id} was already merged. You are on ${result.begun.home} again.`,
        'Next: ai-eng-starter build',
      ]
  }
}

const STATES: Record<ExerciseState, [mark: string, label: string]> = {
  open: [' ', ''],
  begun: ['>', 'in progress'],
  built: ['✓', 'built'],
  reference: ['=', "same as the template's code"],
  'given-up': ['-', 'given up'],
}

function listExercises(exercises: readonly ListedExercise[], { width, paint }: Look): string[] {
  const longest = Math.max(...exercises.map(({ id }) => id.length))
  const lines = exercises.map(({ id, title, minutes, state }) => {
    const [mark, label] = STATES[state]
    const end = label === '' ? `about ${minutes} minutes` : label
    return wrapHanging(`${mark} ${id.padEnd(longest)}  `, `${title} (${end})`, width)
  })
  const next =
    exercises.find(({ state }) => state === 'begun') ?? exercises.find(({ state }) => state === 'open')
  return [
    paint('bold', 'Build these parts yourself, on a branch, until their tests pass:'),
    '',
    ...lines,
    '',
    next ? `Next: ai-eng-starter build ${next.id}` : 'You have built them all.',
  ]
}

function listHints(
  { exercise, hints, total }: Extract<BuildResult, { kind: 'hints' }>,
  { width }: Look,
): string[] {
  const shown = hints.length
  const more =
    shown < total
      ? ['', `More (${shown} of ${total}): ai-eng-starter build ${exercise.id} --hint ${shown + 1}`]
      : []
  return [...hints.map((text, index) => wrapHanging(`${index + 1}. `, text, width)), ...more]
}

function describeStep({ exercise, begun, isNew, progress }: BuildStep, look: Look): string[] {
  const { width, paint } = look
  const files = exercise.takes
    .map(({ file, functions }) => `${functions.join(' and ')} in ${file}`)
    .join(', ')
  const opening = isNew
    ? [
        `You are on the branch ${begun.branch}; ${begun.home} stays unchanged.`,
        ...exercise.read.map((text) => wrapHanging('Read first: ', text, width)),
        '',
      ]
    : []
  return [
    paint('bold', wrapHanging('', `${exercise.id}: ${exercise.title}`, width)),
    ...opening,
    ...describeProgress(progress, look),
    '',
    ...(progress.stage === 'green'
      ? [`Commit and merge it: ai-eng-starter build ${exercise.id} --yes`]
      : [
          wrapHanging('', `Write ${files}, then: ai-eng-starter build`, width),
          'Stuck? ai-eng-starter build --hint',
        ]),
  ]
}

function describeProgress(progress: BuildProgress, look: Look): string[] {
  const { paint } = look
  switch (progress.stage) {
    case 'steps':
      return [
        `${progress.passed} of ${countNoun(progress.total, 'test')} pass. The next one:`,
        '',
        ...describeRedTest(progress.red, look),
      ]
    case 'tests':
      return [
        paint('green', '✓ The tests of this exercise pass.'),
        `Of all tests, ${progress.total - progress.passed} ${progress.total - progress.passed === 1 ? 'fails' : 'fail'}. The first:`,
        '',
        ...describeRedTest(progress.red, look),
      ]
    case 'typecheck':
    case 'eval':
      return [
        paint('green', '✓ The tests of this exercise pass.'),
        paint('red', `✗ npm run ${progress.script} fails:`),
        '',
        ...progress.lines.split('\n').map((line) => `  ${escapeControls(line)}`),
      ]
    case 'green':
      return [paint('green', `✓ All ${progress.tests} tests pass${describeScore(progress.score)}.`)]
  }
}

function describeScore(score: { passed: number; total: number } | null): string {
  return score === null ? '' : `, and the eval: ${score.passed} of ${score.total} cases, none lost`
}

function describeRedTest({ name, file, line, message }: RedTest, { paint, width }: Look): string[] {
  return [
    paint('red', wrapHanging('✗ ', name, width)),
    paint('dim', `  ${file}${line === null ? '' : `:${line}`}`),
    '',
    ...message.split('\n').map((text) => `  ${escapeControls(text)}`),
  ]
}

const OUTCOMES: Record<BuildRecord['result'], string> = {
  built: 'You built it',
  reference: "It equals the template's code, but for names and formatting, so it does not count as built",
  'given-up': 'The earlier code is back; this counts as given up',
}

function describeMerged(
  { exercise, begun, record }: Extract<BuildResult, { kind: 'merged' }>,
  look: Look,
): string[] {
  const { width, paint } = look
  const { result, lines } = record
  const text = `${exercise.id}: ${OUTCOMES[result]}. ${countNoun(lines.yours, 'line')}, ${lines.reference} in the template, ${formatMinutes(record.seconds)}.`
  return [
    paint(result === 'built' ? 'green' : 'yellow', wrapHanging('', text, width)),
    `Merged into ${begun.home}; nothing was pushed.`,
    '',
    `Compare: ai-eng-starter build ${exercise.id} --compare`,
    'Next:    ai-eng-starter build for another one, ai-eng-starter check for the gates',
  ]
}

function describeComparison(
  { exercise, record, files }: Extract<BuildResult, { kind: 'comparison' }>,
  look: Look,
): string[] {
  const { lines, eval: score } = record
  const measured = [
    `${lines.yours} lines, ${lines.reference} in the template`,
    ...(score === null ? [] : [`eval: ${score.passed} of ${score.total} cases`]),
    formatMinutes(record.seconds),
  ]
  return [
    look.paint('bold', `${exercise.id}: - is the template's code, + is yours`),
    wrapHanging('', `${measured.join('; ')}.`, look.width),
    ...files.flatMap(({ file, diff }) => [
      '',
      file,
      ...(diff === '' ? ['  no difference'] : paintDiff(diff, look)),
    ]),
  ]
}

function paintDiff(diff: string, { paint }: Look): string[] {
  return diff.split('\n').map((line) => {
    const text = escapeControls(line)
    if (text.startsWith('+')) return paint('green', text)
    return text.startsWith('-') ? paint('red', text) : text
  })
}

function formatMinutes(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 1) return 'under a minute'
  return minutes < 180 ? countNoun(minutes, 'minute') : countNoun(Math.round(minutes / 60), 'hour')
}
