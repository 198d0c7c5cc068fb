import {
  type Diagnosis,
  findSettings,
  judgeDisk,
  judgeModel,
  judgeNode,
  MODEL_SETTINGS,
} from '../core/doctor.ts'
import { failWith, type Outcome, succeed } from '../core/outcome.ts'
import {
  isListening,
  isWritable,
  type Machine,
  measureFreeSpace,
  readDotEnv,
  readOutput,
} from '../io/machine.ts'

export interface DoctorResult {
  findings: Diagnosis[]
}

/**
 * Examines the machine; changes nothing and sends no network requests. The outcome has a problem when `new`
 * cannot work here.
 */
export async function examine(machine: Machine): Promise<Outcome<DoctorResult>> {
  const findings = [
    judgeNode(process.version),
    await examineNpm(machine),
    await examineNpmCache(machine),
    ...(await examineGit(machine)),
    await examineGithub(machine),
    examineModel(machine),
    await examineOllama(),
    await examinePort(),
    judgeDisk(measureFreeSpace(machine.directory)),
  ]
  const result = { findings }
  const bad = findings.filter(({ state }) => state === 'bad')
  if (bad[0] === undefined) return succeed(result)
  return failWith(result, `Fix first: ${bad.map(({ name }) => name).join(', ')}`, bad[0].do ?? undefined)
}

async function examineNpm(machine: Machine): Promise<Diagnosis> {
  const version = await readOutput('npm', ['--version'], machine)
  const todo = 'npm comes with Node: https://nodejs.org'
  if (version === undefined) return { name: 'npm', state: 'bad', found: 'not found', do: todo }
  return { name: 'npm', state: 'ok', found: version, do: null }
}

async function examineNpmCache(machine: Machine): Promise<Diagnosis> {
  const path = await readOutput('npm', ['config', 'get', 'cache'], machine)
  if (path === undefined)
    return { name: 'npm cache', state: 'note', found: 'npm did not report it', do: null }
  if (isWritable(path)) return { name: 'npm cache', state: 'ok', found: 'writable', do: null }
  const todo = `Another user owns it, often because of sudo npm. Run: sudo chown -R $(whoami) ${path}`
  return { name: 'npm cache', state: 'bad', found: `${path} is not writable`, do: todo }
}

async function examineGit(machine: Machine): Promise<Diagnosis[]> {
  const version = await readOutput('git', ['--version'], machine)
  const install = 'Install git: evidence, CI and the portfolio need repositories. https://git-scm.com'
  if (version === undefined) return [{ name: 'git', state: 'note', found: 'not found', do: install }]
  const identity = await readOutput('git', ['var', 'GIT_COMMITTER_IDENT'], machine)
  const todo = 'Run git config --global user.name "..." and user.email "...", so that commits carry your name'
  return [
    { name: 'git', state: 'ok', found: version.replace(/^git version /, ''), do: null },
    identity === undefined
      ? { name: 'git name', state: 'note', found: 'not set', do: todo }
      : { name: 'git name', state: 'ok', found: 'set', do: null },
  ]
}

/** Access to GitHub, for CI runs and pull requests. */
async function examineGithub(machine: Machine): Promise<Diagnosis> {
  const token = ['GITHUB_TOKEN', 'GH_TOKEN'].find((name) => machine.env[name])
  if (token) return { name: 'github', state: 'ok', found: `${token} is set`, do: null }
  const version = await readOutput('gh', ['--version'], machine)
  const isLoggedIn =
    version !== undefined && (await readOutput('gh', ['auth', 'token'], machine)) !== undefined
  if (isLoggedIn) return { name: 'github', state: 'ok', found: 'gh is logged in', do: null }
  const found = version === undefined ? 'neither gh nor a token' : 'gh is not logged in'
  const todo = 'Public repositories need no login. For private ones, run gh auth login or set GITHUB_TOKEN'
  return { name: 'github', state: 'note', found, do: todo }
}

function examineModel({ env, directory }: Machine): Diagnosis {
  return judgeModel(
    MODEL_SETTINGS.filter((name) => env[name]),
    findSettings(readDotEnv(directory)),
  )
}

const OLLAMA = 11_434
const SERVED = 8080

async function examineOllama(): Promise<Diagnosis> {
  if (await isListening(OLLAMA))
    return { name: 'ollama', state: 'ok', found: `listens on port ${OLLAMA}`, do: null }
  const todo = 'Only needed for a free model on this machine: https://ollama.com'
  return { name: 'ollama', state: 'note', found: `nothing listens on port ${OLLAMA}`, do: todo }
}

async function examinePort(): Promise<Diagnosis> {
  if (!(await isListening(SERVED))) return { name: 'port', state: 'ok', found: `${SERVED} is free`, do: null }
  const todo = `To serve a project on another port, set PORT=${SERVED + 1}`
  return { name: 'port', state: 'note', found: `${SERVED} is taken`, do: todo }
}
