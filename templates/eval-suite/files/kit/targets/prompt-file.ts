import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'

/** A Markdown file: the system prompt stands above its line `---`, the prompt below. */
export interface PromptFile {
  system: string
  body: string
}

/** Throws `CannotRunError` for a file that asks nothing. */
export async function readPrompt(root: string, path: string): Promise<PromptFile> {
  const text = await readFile(join(root, path), 'utf8').catch((error: unknown) => {
    throw new CannotRunError(`cannot read ${path}: ${toErrorMessage(error)}`, 'Correct evals/targets.json')
  })
  const [system = '', body] = text.replaceAll('\r\n', '\n').split(/^---$/m)
  if (!body?.includes('{{input}}'))
    throw new CannotRunError(
      `${path} has no {{input}} below a line ---`,
      'Above that line goes the system prompt, below it the question',
    )
  return { system: system.trim(), body: body.trim() }
}

/** Fills all placeholders at once: what a question or a file says in two braces is text. */
export function fillPlaceholders(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole)
}
