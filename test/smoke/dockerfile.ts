/** A Dockerfile as data: enough of its language for ours, and an error for the rest. */
export interface Dockerfile {
  stages: Stage[]
}

export interface Stage {
  image: string
  name: string | undefined
  steps: Step[]
}

/** What is done in the order of the file; settings hold for the steps after them. */
export type Step =
  | { kind: 'workdir'; path: string }
  | { kind: 'copy'; from: string | undefined; owner: string | undefined; sources: string[]; target: string }
  | { kind: 'run'; command: string }
  | { kind: 'arg'; name: string; value: string | undefined }
  | { kind: 'env'; name: string; value: string }
  | { kind: 'user'; user: string }
  | { kind: 'expose'; port: number }
  | { kind: 'healthcheck'; flags: Record<string, string>; command: string[] }
  | { kind: 'cmd'; command: string[] }

/** Throws for an instruction, a flag or a form that it does not know: what is not understood must not pass. */
export function parseDockerfile(text: string): Dockerfile {
  const stages: Stage[] = []
  for (const line of instructions(text)) {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? []
    if (word.toUpperCase() === 'FROM') {
      const [, image = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? unknown(line)
      stages.push({ image, name, steps: [] })
      continue
    }
    const stage = stages.at(-1) ?? unknown(line)
    stage.steps.push(...stepsOf(word.toUpperCase(), rest, line))
  }
  return { stages }
}

/** Without comments, each on one line. */
function instructions(text: string): string[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line))
  return lines
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function stepsOf(word: string, rest: string, line: string): Step[] {
  switch (word) {
    case 'WORKDIR':
      return [{ kind: 'workdir', path: rest }]
    case 'RUN':
      // Flags, heredocs and the exec form are read differently.
      return /^(?:--|<<|\[)/.test(rest) ? unknown(line) : [{ kind: 'run', command: rest }]
    case 'COPY':
      return [copyOf(rest, line)]
    case 'ARG': {
      const [, name = '', value] = /^(\w+)(?:=(\S+))?$/.exec(rest) ?? unknown(line)
      return [{ kind: 'arg', name, value }]
    }
    case 'ENV':
      return rest.split(/\s+/).map((pair) => {
        const [, name = '', value = ''] = /^(\w+)=([^\s"']*)$/.exec(pair) ?? unknown(line)
        return { kind: 'env', name, value }
      })
    case 'USER':
      return [{ kind: 'user', user: rest }]
    case 'EXPOSE':
      return [{ kind: 'expose', port: Number(rest) }]
    case 'HEALTHCHECK': {
      const { flags, words } = flagged(rest)
      const [cmd, ...command] = words
      return cmd === 'CMD'
        ? [{ kind: 'healthcheck', flags, command: execForm(command.join(' '), line) }]
        : unknown(line)
    }
    case 'CMD':
      return [{ kind: 'cmd', command: execForm(rest, line) }]
    default:
      return unknown(line)
  }
}

function copyOf(rest: string, line: string): Step {
  const { flags, words } = flagged(rest)
  const { from, chown: owner, ...others } = flags
  const target = words.at(-1)
  if (Object.keys(others).length > 0 || words.length < 2 || target === undefined) return unknown(line)
  return { kind: 'copy', from, owner, sources: words.slice(0, -1), target }
}

function flagged(rest: string): { flags: Record<string, string>; words: string[] } {
  const words = rest.split(' ').filter((word) => word !== '')
  const first = words.findIndex((word) => !word.startsWith('--'))
  const flags = words.slice(0, first).map((flag) => {
    const [, name = '', value = ''] = /^--([\w-]+)=(.+)$/.exec(flag) ?? unknown(rest)
    return [name, value] as const
  })
  return { flags: Object.fromEntries(flags), words: words.slice(first) }
}

/** The shell form would start a shell as process 1. */
function execForm(text: string, line: string): string[] {
  if (!text.startsWith('[')) return unknown(line)
  return JSON.parse(text) as string[]
}

function unknown(line: string): never {
  throw new Error(`not understood, so not tested: ${line}`)
}

/** What `.dockerignore` keeps out of the context, for paths relative to it. The last pattern that matches decides. */
export function ignores(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }))
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.keeps === false
}

/** From the root of the context, unlike git's: `*` stays in one folder, `**` does not, and a folder takes what is in it along. */
function patternOf(glob: string): RegExp {
  const body = glob
    .replace(/^\/|\/$/g, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', '[^/]')
    .replaceAll(
      /\*\*\/|\*\*|\*/g,
      (stars) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[stars] ?? stars,
    )
  return new RegExp(`^${body}(?:/.*)?$`)
}
