import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { basename, join, posix, relative, sep } from 'node:path'
import { mustRun } from '../packed/generated.ts'
import { type Dockerfile, ignores, parseDockerfile, type Stage, type Step } from './dockerfile.ts'

/** What a built image is: a directory, and how it is started. */
export interface Image {
  /** Stands for `/`. */
  root: string
  workdir: string
  env: Record<string, string>
  user: string | undefined
  port: number | undefined
  /** Paths that somebody else than root owns. */
  owned: Record<string, string>
  healthcheck: string[]
  cmd: string[]
}

interface Built extends Image {
  args: Record<string, string>
}

interface Build {
  context: string
  /** Where the stages are made. */
  home: string
  args: Record<string, string>
  env: NodeJS.ProcessEnv
}

/**
 * Does what a Dockerfile says, one directory for each stage, without a container engine: there is none here. The base images are the machine and the `PATH` in
 * `env`, and users are only written down. Gives the last stage.
 */
export async function buildImage(build: Build): Promise<Image> {
  const dockerfile = parseDockerfile(readFileSync(join(build.context, 'Dockerfile'), 'utf8'))
  const stages = new Map<string, Built>()
  let last: Built | undefined
  for (const stage of dockerfile.stages) {
    last = await buildStage(stage, build, stages)
    if (stage.name) stages.set(stage.name, last)
  }
  if (last === undefined) throw new Error('a Dockerfile without FROM')
  return last
}

export function finalStage({ stages }: Dockerfile): Stage {
  const stage = stages.at(-1)
  if (stage === undefined) throw new Error('a Dockerfile without FROM')
  return stage
}

async function buildStage(stage: Stage, build: Build, stages: ReadonlyMap<string, Built>): Promise<Built> {
  const root = mkdtempSync(join(build.home, `${stage.name ?? 'final'}-`))
  const built: Built = {
    ...{ root, workdir: '/', env: {}, args: {}, user: undefined, port: undefined },
    ...{ owned: {}, healthcheck: [], cmd: [] },
  }
  for (const step of stage.steps) await take(step, built, build, stages)
  return built
}

async function take(
  step: Step,
  image: Built,
  build: Build,
  stages: ReadonlyMap<string, Built>,
): Promise<unknown> {
  switch (step.kind) {
    case 'workdir':
      image.workdir = posix.resolve(image.workdir, step.path)
      return mkdirSync(place(image, '.'), { recursive: true })
    case 'run':
      return runIn(image, step.command, build)
    case 'copy':
      return copyInto(image, step, build, stages)
    case 'arg':
      image.args[step.name] = build.args[step.name] ?? step.value ?? ''
      return
    case 'env':
      image.env[step.name] = filledIn(step.value, { ...image.args, ...image.env })
      return
    case 'user':
      image.user = step.user
      return
    case 'expose':
      image.port = step.port
      return
    case 'healthcheck':
      image.healthcheck = step.command
      return
    case 'cmd':
      image.cmd = step.command
      return
    default:
      return step satisfies never
  }
}

/** Where a path of the image is on this machine. */
export function place({ root, workdir }: Pick<Image, 'root' | 'workdir'>, path: string): string {
  return join(root, posix.resolve(workdir, path))
}

function runIn(image: Built, command: string, { env }: Build): Promise<string> {
  // In an image this would be a path of the image; here it would be one of the machine.
  if (/(?:^|[\s=:>"'])\//.test(command)) throw new Error(`an absolute path cannot be tried here: ${command}`)
  return mustRun('sh', ['-e', '-c', command], place(image, '.'), { ...env, ...image.env })
}

function copyInto(
  image: Built,
  { from, owner, sources, target }: Extract<Step, { kind: 'copy' }>,
  { context }: Build,
  stages: ReadonlyMap<string, Built>,
): void {
  const stage = from === undefined ? undefined : stages.get(from)
  if (from !== undefined && stage === undefined)
    throw new Error(`COPY --from=${from}: there is no such stage`)
  const root = stage?.root ?? context
  const isLeftOut = stage ? () => false : ignoredIn(context)
  const isFolder = target.endsWith('/') || sources.length > 1
  for (const source of sources) {
    const found = join(root, source)
    const path = relative(root, found).split(sep).join('/')
    if (!existsSync(found) || isLeftOut(path)) throw new Error(`COPY ${source}: it is not there`)
    const isFile = statSync(found).isFile()
    const destination = place(image, isFile && isFolder ? join(target, basename(source)) : target)
    cpSync(found, destination, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (entry) => entry === found || !isLeftOut(relative(root, entry).split(sep).join('/')),
    })
    if (owner) image.owned[posix.resolve(image.workdir, target)] = owner
  }
}

function ignoredIn(context: string): (path: string) => boolean {
  const file = join(context, '.dockerignore')
  return existsSync(file) ? ignores(readFileSync(file, 'utf8')) : () => false
}

function filledIn(value: string, variables: Record<string, string>): string {
  return value.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => variables[name] ?? '')
}
