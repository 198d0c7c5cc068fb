import type {
  LanguageModelV3Content,
  LanguageModelV3Middleware,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider'

const HIDDEN = '[redacted]'

/** Hides secrets in text that arrives in pieces: what could be the start of one waits for the next piece. */
export class SecretFilter {
  #pending = ''
  readonly #secrets: readonly string[]

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets
  }

  push(text: string): string {
    this.#pending = hideSecrets(this.#pending + text, this.#secrets)
    const kept = this.#countStart()
    const shown = this.#pending.slice(0, this.#pending.length - kept)
    this.#pending = this.#pending.slice(shown.length)
    return shown
  }

  end(): string {
    const rest = this.#pending
    this.#pending = ''
    return rest
  }

  #countStart(): number {
    const longest = Math.max(0, ...this.#secrets.map(({ length }) => length - 1))
    for (let length = Math.min(longest, this.#pending.length); length > 0; length--)
      if (this.#secrets.some((secret) => secret.startsWith(this.#pending.slice(-length)))) return length
    return 0
  }
}

/** Words that are put where a server on this machine wants any key. */
const STAND_IN =
  /no[-_]?(?:api[-_]?)?key|not[-_]?(?:needed|required|used)|dummy|placeholder|example|changeme/i

/**
 * Whether a key is one, and not a word that stands in for one, such as `token` or `lm-studio`: hiding a word
 * would tear holes into every text that has it.
 */
export function isSecret(key: string): boolean {
  const isWord = /^[a-z]+(?:[-_. ][a-z]+)*$/i.test(key) && !/[a-z][A-Z]/.test(key)
  return key.length >= (isWord ? 16 : 8) && !STAND_IN.test(key)
}

/** A copy of a JSON value with secrets replaced inside its strings. Its shape and the names of fields stay. */
export function hideSecretsIn<T>(value: T, secrets: readonly string[]): T {
  const hidden = secrets.filter(isSecret)
  return JSON.parse(JSON.stringify(value), (_name, item) =>
    typeof item === 'string' ? hideSecrets(item, hidden) : item,
  )
}

export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text)
}

/** Hides the keys of this program in what a model says: some servers and documents repeat them. */
export function hideKeys(secrets: readonly string[]): LanguageModelV3Middleware {
  return {
    specificationVersion: 'v3',
    wrapGenerate: async ({ doGenerate }) => {
      const result = await doGenerate()
      return { ...result, content: result.content.map((part) => hideInContent(part, secrets)) }
    },
    wrapStream: async ({ doStream }) => {
      const { stream, ...rest } = await doStream()
      return { ...rest, stream: secrets.length === 0 ? stream : stream.pipeThrough(hideInStream(secrets)) }
    },
  }
}

function hideInContent(part: LanguageModelV3Content, secrets: readonly string[]): LanguageModelV3Content {
  if (part.type === 'text' || part.type === 'reasoning')
    return { ...part, text: hideSecrets(part.text, secrets) }
  return part.type === 'tool-call' ? { ...part, input: hideSecrets(part.input, secrets) } : part
}

const DELTAS = {
  'text-end': 'text-delta',
  'reasoning-end': 'reasoning-delta',
  'tool-input-end': 'tool-input-delta',
} as const

function hideInStream(
  secrets: readonly string[],
): TransformStream<LanguageModelV3StreamPart, LanguageModelV3StreamPart> {
  const filters = new Map<string, SecretFilter>()
  const filter = (id: string) => filters.get(id) ?? filters.set(id, new SecretFilter(secrets)).get(id)
  return new TransformStream({
    transform(part, controller) {
      if ('delta' in part) {
        const delta = filter(part.id)?.push(part.delta) ?? ''
        return delta === '' ? undefined : controller.enqueue({ ...part, delta })
      }
      if (part.type === 'text-end' || part.type === 'reasoning-end' || part.type === 'tool-input-end') {
        const delta = filter(part.id)?.end() ?? ''
        filters.delete(part.id)
        if (delta !== '') controller.enqueue({ type: DELTAS[part.type], id: part.id, delta })
      }
      controller.enqueue(
        part.type === 'tool-call' ? { ...part, input: hideSecrets(part.input, secrets) } : part,
      )
    },
  })
}
