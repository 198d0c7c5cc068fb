import * as z from 'zod/mini'

/** What vitest's JSON report says about each test, in the order of the files and of the tests in them. */
const reportFile = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.optional(z.string()),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          title: z.string(),
          status: z.string(),
          failureMessages: z.nullish(z.array(z.string())),
          location: z.nullish(z.object({ line: z.number() })),
        }),
      ),
    }),
  ),
})

export interface RedTest {
  /** As vitest names it, groups first. */
  name: string
  /** The test file, relative to the project. */
  file: string
  /** Where the test stands in its file; null when vitest does not say. */
  line: number | null
  /** The error without its stack. */
  message: string
}

export interface TestRun {
  passed: number
  total: number
  /** The first test that fails; null when all pass. */
  red: RedTest | null
}

/** Skipped tests count neither as passed nor as failed. */
const COUNTED = new Set(['passed', 'failed'])

/**
 * Reads vitest's JSON report; `directory` is the project's. Returns undefined for text that is no report, or
 * a report without tests.
 */
export function parseTestReport(text: string, directory: string): TestRun | undefined {
  const parsed = tryParse(text)
  if (!parsed) return undefined
  const files = parsed.testResults.map((file) => ({ ...file, path: relate(file.name, directory) }))
  const broken = files.find(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const tests = files.flatMap(({ path, assertionResults }) =>
    assertionResults.filter(({ status }) => COUNTED.has(status)).map((test) => ({ ...test, path })),
  )
  const red = tests.find(({ status }) => status === 'failed')
  const passed = tests.filter(({ status }) => status === 'passed').length
  if (broken)
    return {
      passed,
      total: tests.length,
      red: {
        name: `${broken.path} does not load`,
        file: broken.path,
        line: null,
        message: cutStack(broken.message ?? ''),
      },
    }
  if (tests.length === 0) return undefined
  if (!red) return { passed, total: tests.length, red: null }
  const message = cutStack(red.failureMessages?.[0] ?? '')
  return {
    passed,
    total: tests.length,
    red: { name: red.fullName.trim(), file: red.path, line: red.location?.line ?? null, message },
  }
}

function tryParse(text: string): z.infer<typeof reportFile> | undefined {
  try {
    return reportFile.parse(JSON.parse(text))
  } catch {
    return undefined // the caller reports that there is no report
  }
}

function relate(path: string, directory: string): string {
  const plain = path.replaceAll('\\', '/')
  const root = `${directory.replaceAll('\\', '/')}/`
  return plain.startsWith(root) ? plain.slice(root.length) : plain
}

const LONGEST = 24

/** The error itself, at most 24 lines: the stack names files of the test runner. */
function cutStack(message: string): string {
  const lines = message.split('\n')
  const stack = lines.findIndex((line) => /^\s+at .+:\d+:\d+\)?$/.test(line))
  const own = (stack < 0 ? lines : lines.slice(0, stack)).join('\n').trimEnd().split('\n')
  return own.length <= LONGEST ? own.join('\n') : [...own.slice(0, LONGEST), '…'].join('\n')
}
