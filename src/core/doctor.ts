/** One thing that the road needs or can use. `bad` stops `new` from working; `note` is worth knowing. */
export interface Finding {
  name: string
  state: 'ok' | 'note' | 'bad'
  found: string
  /** What to do about it; null when there is nothing to do. */
  do: string | null
}

const LEAST_NODE = [20, 19] as const

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isOldLine = major === LEAST_NODE[0] && minor < LEAST_NODE[1]
  const isTooOld = major < LEAST_NODE[0] || isOldLine
  const todo = `Install Node ${LEAST_NODE.join('.')} or newer, such as 24: https://nodejs.org`
  return { name: 'node', state: isTooOld ? 'bad' : 'ok', found: version, do: isTooOld ? todo : null }
}

/** A project with its dependencies takes up to about 300 MB. */
const TIGHT = 1_000_000_000
const FULL = 300_000_000

export function judgeDisk(free: number): Finding {
  const found =
    free >= TIGHT ? `${(free / 1e9).toFixed(0)} GB free here` : `${(free / 1e6).toFixed(0)} MB free here`
  if (free >= TIGHT) return { name: 'disk', state: 'ok', found, do: null }
  const todo = 'A project with its dependencies needs about 300 MB: make room, or work on another disk'
  return { name: 'disk', state: free < FULL ? 'bad' : 'note', found, do: todo }
}

/** What chooses a model, by name. Values are never looked at beyond whether there is one. */
export const MODEL_SETTINGS = [
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'AI_PROVIDER',
  'AI_MODEL',
]

export function judgeModel(inEnvironment: readonly string[], inFile: readonly string[]): Finding {
  const names = [...inEnvironment, ...inFile.map((name) => `${name} (.env)`)]
  const found = names.length > 0 ? `set: ${names.join(', ')}` : 'no key and no address: the heuristic answers'
  const todo =
    'Free: Ollama, then OPENAI_BASE_URL=http://127.0.0.1:11434/v1 in .env. A key works too; .env.example lists them'
  return { name: 'model', state: names.length > 0 ? 'ok' : 'note', found, do: names.length > 0 ? null : todo }
}

/** The names that a `.env` file gives a value to. */
export function findSettings(text: string): string[] {
  return MODEL_SETTINGS.filter((name) =>
    new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*\\S`, 'm').test(text),
  )
}
