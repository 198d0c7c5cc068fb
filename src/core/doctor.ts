/**
 * One thing that the roadmap needs or can use. `bad` prevents `new` from working; `note` is for information.
 */
export interface Diagnosis {
  name: string
  state: 'ok' | 'note' | 'bad'
  found: string
  /** How to fix it; null when there is nothing to fix. */
  do: string | null
}

const LEAST_NODE = [20, 19] as const

export function judgeNode(version: string): Diagnosis {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isOldLine = major === LEAST_NODE[0] && minor < LEAST_NODE[1]
  const isTooOld = major < LEAST_NODE[0] || isOldLine
  const todo = `Install Node ${LEAST_NODE.join('.')} or newer, such as 24: https://nodejs.org`
  return { name: 'node', state: isTooOld ? 'bad' : 'ok', found: version, do: isTooOld ? todo : null }
}

/** A project with its dependencies takes up to about 300 MB. */
const TIGHT = 1_000_000_000
const FULL = 300_000_000

export function judgeDisk(free: number): Diagnosis {
  const found =
    free >= TIGHT ? `${(free / 1e9).toFixed(0)} GB free here` : `${(free / 1e6).toFixed(0)} MB free here`
  if (free >= TIGHT) return { name: 'disk', state: 'ok', found, do: null }
  const todo = 'A project with its dependencies needs about 300 MB: free some space, or use another disk'
  return { name: 'disk', state: free < FULL ? 'bad' : 'note', found, do: todo }
}

/** Environment variables that choose a model. Their values are never read beyond whether they are set. */
export const MODEL_SETTINGS = [
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'AI_PROVIDER',
  'AI_MODEL',
]

export function judgeModel(inEnvironment: readonly string[], inFile: readonly string[]): Diagnosis {
  const names = [...inEnvironment, ...inFile.map((name) => `${name} (.env)`)]
  const found =
    names.length > 0 ? `set: ${names.join(', ')}` : 'no API key and no server: the heuristic answers'
  const todo =
    'Free: install Ollama and set OPENAI_BASE_URL=http://127.0.0.1:11434/v1 in .env. Or set an API key: see .env.example'
  return { name: 'model', state: names.length > 0 ? 'ok' : 'note', found, do: names.length > 0 ? null : todo }
}

/** The names that a `.env` file gives a value. */
export function findSettings(text: string): string[] {
  return MODEL_SETTINGS.filter((name) =>
    new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*\\S`, 'm').test(text),
  )
}
