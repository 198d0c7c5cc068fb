import { RootCommand } from '@bomb.sh/tab'
import type { CompletedVerb, Suggestion } from '../core/completion.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** The script that a shell sources so that it asks `program complete -- WORDS` for the next word. */
export function writeScript(shell: (typeof SHELLS)[number], program: string): string {
  const script = captureLog(() => new RootCommand().setup(program, program, shell))
  if (shell !== 'bash') return script
  const repaired = BASH_REPAIRS.reduce((text, [from, to]) => replaceKnown(text, from, to), script)
  return `${WORDS_WITHOUT_PACKAGE}${repaired}`
}

/** The library's script for bash fails when it is sourced twice, and runs `$(...)` on the line it completes. */
const BASH_REPAIRS: readonly (readonly [from: string, to: string])[] = [
  ['readonly ShellComp', 'ShellComp'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's
  ['-- ${words[@]:1}"', '-- $(printf \'%q \' "${words[@]:1}")"'],
]

/** The package bash-completion, which not every machine has, brings this function. */
const WORDS_WITHOUT_PACKAGE = `if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}"
        words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
    }
fi
`

/** Throws an Error when the text is not there, so that a new version of the library is read before it ships. */
function replaceKnown(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the completion script no longer has: ${from}`)
  return text.replaceAll(from, () => to)
}

/** What can follow these words, the last of which may be empty, in the form that the script reads. */
export function completeWords(words: readonly string[], verbs: readonly CompletedVerb[]): string {
  const root = new RootCommand()
  for (const verb of verbs) addVerb(root, verb)
  return captureLog(() => root.parse([...words]))
}

function addVerb(root: RootCommand, { name, summary, arguments: given, options }: CompletedVerb): void {
  const command = root.command(name, summary)
  // The library keeps arguments by name.
  for (const [place, { values, isVariadic }] of given.entries())
    command.argument(String(place), suggest(values), isVariadic)
  for (const { name: option, short, description, values } of options) {
    if (values) command.option(option, description, suggest(values), short)
    else if (short) command.option(option, description, short)
    else command.option(option, description)
  }
}

function suggest(values: readonly Suggestion[]) {
  return (complete: (value: string, description: string) => void) => {
    for (const { value, description } of values) complete(value, description)
  }
}

/** The library prints with console.log; we print ourselves, so that a slow reader gets all of it. */
function captureLog(work: () => void): string {
  const lines: string[] = []
  const { log } = console
  console.log = (...said: unknown[]) => void lines.push(said.join(' '))
  try {
    work()
  } finally {
    console.log = log
  }
  return `${lines.join('\n')}\n`
}
