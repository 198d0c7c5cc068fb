/** One possible word, and what a shell may show next to it. */
export interface Suggestion {
  value: string
  description: string
}

/** A verb of the command line, with everything that can follow it. */
export interface CompletedVerb {
  name: string
  summary: string
  arguments: readonly { values: readonly Suggestion[]; isVariadic: boolean }[]
  options: readonly CompletedOption[]
}

interface CompletedOption {
  /** Without dashes. */
  name: string
  /** One letter. */
  short: string | undefined
  description: string
  /** Undefined for an option without a value. */
  values: readonly Suggestion[] | undefined
}

/** An option as commander writes it: `-y, --yes`, `--store <value>`. The placeholder is undefined without a value. */
export function parseFlags(flags: string): {
  name: string
  short: string | undefined
  placeholder: string | undefined
} {
  const [, short, name = '', placeholder] = /^(?:-(\w), )?--([\w-]+)(?: <([\w-]+)>)?$/.exec(flags) ?? []
  return { name, short, placeholder }
}

/** The name in `<gate>`, `[gate]` or `[gate...]`, and whether it may repeat. */
export function parseArgument(syntax: string): { placeholder: string; isVariadic: boolean } {
  return { placeholder: syntax.replace(/[<>[\].]/g, ''), isVariadic: syntax.includes('...') }
}
