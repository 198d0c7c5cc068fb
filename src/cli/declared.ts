/** A command as the user types it. */
export interface DeclaredVerb {
  name: string
  summary: string
  arguments?: readonly (readonly [syntax: string, description: string])[]
  options?: readonly DeclaredOption[]
  /** Whether this verb accepts every template option as a flag. */
  takesTemplateOptions?: true
  /** Left out of help: programs call it, people do not. */
  isHidden?: true
}

/** Every verb also takes `--json`. */
export interface DeclaredOption {
  flags: string
  description: string
  isRequired?: true
  /** Throws an InvalidArgumentError. */
  parse?(text: string): unknown
  initial?: unknown
}
