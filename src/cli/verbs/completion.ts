import { UsageError } from '../../core/errors.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import { escapeInvisible } from '../../core/text.ts'
import { SHELLS, writeScript } from '../../io/completion.ts'
import type { Context } from '../context.ts'

interface CompletionGiven {
  arguments: readonly [shell: string]
  options: object
}

interface CompletionResult {
  shell: string
  script: string
}

/** Prints the script. Throws a UsageError for a shell that we have none for. */
export async function run(
  { arguments: [name] }: CompletionGiven,
  context: Context,
): Promise<Outcome<CompletionResult>> {
  const shell = SHELLS.find((one) => one === name)
  if (!shell)
    throw new UsageError(
      `There is no completion for the shell "${escapeInvisible(name.slice(0, 40))}"`,
      `Shells: ${SHELLS.join(', ')}`,
    )
  const script = writeScript(shell, 'ai-eng-starter')
  await context.show(() => script)
  return succeed({ shell, script })
}
