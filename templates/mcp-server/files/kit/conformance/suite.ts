import { execFile } from 'node:child_process'
import { arch, platform } from 'node:process'
import { promisify } from 'node:util'

/** Pinned: a new version may ask for more. Raise it, run `npm run conformance`, and read what changed. */
const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12'
/** The suite itself needs Node 22; what it tests runs on the Node of this process. */
const NODE_OF_SUITE = 22

export interface SuiteRun {
  url: string
  revision: string
  /** The suite writes the checks of each scenario here. */
  directory: string
  /**
   * A file that lists the scenarios that can't pass, and why. A listed scenario that passes is a failure too.
   */
  expectedFailures?: string | undefined
}

export interface SuiteResult {
  ok: boolean
  output: string
}

/** Runs every scenario that a revision of the protocol requires of a server against the one at `url`. */
export async function runConformanceSuite({
  url,
  revision,
  directory,
  expectedFailures,
}: SuiteRun): Promise<SuiteResult> {
  const expected = expectedFailures === undefined ? [] : ['--expected-failures', expectedFailures]
  const command = [
    'conformance',
    'server',
    '--url',
    url,
    '--requirements',
    revision,
    '--output-dir',
    directory,
    ...expected,
  ]
  // The suite's packages require a Node that they do get, though npm runs on another one.
  const packages = [
    '--engine-strict=false',
    ...[SUITE, ...chooseNodePackage()].flatMap((name) => ['--package', name]),
  ]
  try {
    const { stdout, stderr } = await promisify(execFile)(
      'npm',
      ['exec', '--yes', ...packages, '--', ...command],
      {
        ...{ timeout: 240_000, maxBuffer: 64 * 1024 * 1024 },
      },
    )
    return { ok: true, output: stdout + stderr }
  } catch (error) {
    const { stdout = '', stderr = '' } = error instanceof Error ? readOutput(error) : {}
    return {
      ok: false,
      output: `${stdout}${stderr}\n${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

/** An npm package with the binary of Node, which needs no install script. */
function chooseNodePackage(): string[] {
  const isOld = Number(process.versions.node.split('.')[0]) < NODE_OF_SUITE
  return isOld ? [`node-${platform}-${arch}@${NODE_OF_SUITE}`] : []
}

function readOutput(error: Error): { stdout?: string; stderr?: string } {
  const text = (name: string) => {
    const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1]
    return typeof value === 'string' ? value : ''
  }
  return { stdout: text('stdout'), stderr: text('stderr') }
}
