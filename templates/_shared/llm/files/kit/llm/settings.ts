import { z } from 'zod'
import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import { parseCommandLine } from '../program/command-line.ts'
import { isLocalUrl } from './base-url.ts'
import { isSecret } from './secrets.ts'

export const PROVIDERS = ['heuristic', 'anthropic', 'openai', 'openai-compatible', 'command'] as const
export type ProviderName = (typeof PROVIDERS)[number]

const PLACEHOLDER =
  /^(?:<.*>|\W+|x+|todo|change-?_?me|replace-?_?me|placeholder|none|(?:your|my|insert|paste|put)[-_ ].*|sk-[-a-z]*[.…x*]+|.*[-_ ]here)$/i

const text = z
  .string()
  .trim()
  .transform((value) => value || undefined)
  .optional()
const key = text.superRefine((value, context) => {
  if (value === undefined) return
  // Never show the value: a key with a typo is still most of a key.
  if (!/^[\x21-\x7e]+$/.test(value)) context.addIssue('has spaces or special characters in it; copy it again')
})
const amount = text
  .transform((value) => (value === undefined ? undefined : Number(value)))
  .pipe(z.number('must be a number').nonnegative('must not be negative').optional())

const command = text.transform((line, context) => {
  try {
    return line === undefined ? undefined : parseCommandLine(line)
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : 'is not a command')
    return z.NEVER
  }
})

const schema = z
  .object({
    AI_PROVIDER: text.pipe(z.enum(PROVIDERS, `must be one of ${PROVIDERS.join(', ')}`).optional()),
    AI_MODEL: text,
    AI_COMMAND: command,
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: text,
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: text,
    ALLOW_HTTP_BASE_URL: text,
    AI_PRICE_INPUT: amount,
    AI_PRICE_OUTPUT: amount,
    AI_CONTEXT_WINDOW: amount.refine(
      (tokens = 1) => Number.isInteger(tokens) && tokens > 0,
      'must be a whole number above 0',
    ),
  })
  .superRefine((env, context) => {
    // A server on this machine wants a key of any kind, and people write a word there.
    const keys = { ANTHROPIC_API_KEY: env.ANTHROPIC_BASE_URL, OPENAI_API_KEY: env.OPENAI_BASE_URL }
    for (const [name, url] of Object.entries(keys))
      if (PLACEHOLDER.test(env[name as keyof typeof keys] ?? '') && !isLocalUrl(url)) {
        const message = 'is still a placeholder; put your key there, or remove the line'
        context.addIssue({ code: 'custom', path: [name], message })
      }
  })
  .refine((env) => (env.AI_PRICE_INPUT === undefined) === (env.AI_PRICE_OUTPUT === undefined), {
    path: ['AI_PRICE_INPUT'],
    message: 'and AI_PRICE_OUTPUT go together; set both or none',
  })
export type Settings = z.infer<typeof schema>

/** Parses this layer's variables. Throws a ConfigError that names every invalid one, without its value. */
export function parseSettings(env: Env): Settings {
  // The heuristic provider needs no key, so an invalid key must not stop it.
  const heuristic = env.AI_PROVIDER?.trim() === 'heuristic'
  const parsed = schema.safeParse(
    heuristic ? { AI_PROVIDER: 'heuristic', AI_CONTEXT_WINDOW: env.AI_CONTEXT_WINDOW } : env,
  )
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  throw new ConfigError(problems.join('; '), 'See .env.example. AI_PROVIDER=heuristic needs no key.')
}

/** Values that must not appear in any error, log or answer. */
export function listSecrets({ ANTHROPIC_API_KEY, OPENAI_API_KEY }: Settings): string[] {
  return [ANTHROPIC_API_KEY, OPENAI_API_KEY].flatMap((key) => (key && isSecret(key) ? key : []))
}
