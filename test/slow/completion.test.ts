import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN } from '../cli/run.ts'
import { temporaryDirectory } from '../temporary.ts'

/** How each shell is asked what it offers for lines that end where the cursor is: a program and its arguments. It prints `@@` after each line. */
const ASK: Record<string, (script: string, lines: readonly string[]) => string[]> = {
  bash: (script, lines) => {
    const asked = lines.map((line) => {
      const words = line.split(' ')
      const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
      return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; COMP_LINE=x; COMP_POINT=1
__ai_eng_starter_complete 2>/dev/null; printf '%s\n' "\${COMPREPLY[@]}"; echo @@`
    })
    return ['bash', '--norc', '-c', [`source ${script} && source ${script}`, ...asked].join('\n')]
  },
  // In a pseudo terminal, because zsh completes nowhere else. Tab twice lists what one tab cannot decide.
  zsh: (script, lines) => {
    const settings = "PS1=; LISTMAX=1000; zstyle ':completion:*' list-prompt ''; stty cols 300 rows 100"
    const asked = lines.map(
      (line) => `zpty -n -w z $'${line.replaceAll("'", "\\'")}\t\t'; collect; echo @@; zpty -n -w z $'\x15'`,
    )
    const code = `zmodload zsh/zpty; zpty z zsh -f -i
collect() { local quiet=0 more; while (( quiet < 12 )); do if zpty -rt z more; then print -rn -- "$more"; quiet=0; else sleep 0.1; (( quiet++ )); fi; done }
zpty -w z "${settings}; autoload -U compinit; compinit -u -D; source ${script}; echo REA''DY"
zpty -r z text '*READY*'
${asked.join('\n')}`
    return ['zsh', '-f', '-c', code]
  },
  fish: (script, lines) => {
    const asked = lines.map((line) => `complete --do-complete '${line.replaceAll("'", "\\'")}'; echo @@`)
    return ['fish', '--no-config', '-c', [`source ${script}`, ...asked].join('\n')]
  },
}

const shells = Object.keys(ASK).map((shell) => ({
  shell,
  isMissing: spawnSync(shell, ['--version']).status !== 0,
}))
for (const { shell, isMissing } of shells)
  if (isMissing) console.log(`SKIPPED: the completion for ${shell}, which is not installed here`)

/** A folder with the program on the PATH, as an installed package has it, and the script of a shell. */
function prepare(shell: string): { env: NodeJS.ProcessEnv; cwd: string; script: string } {
  const cwd = temporaryDirectory()
  const program = join(cwd, 'ai-eng-starter')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`)
  chmodSync(program, 0o755)
  const env = { ...process.env, PATH: `${cwd}${delimiter}${process.env['PATH']}`, HOME: cwd, TERM: 'xterm' }
  const script = join(cwd, 'script')
  writeFileSync(script, execFileSync(program, ['completion', shell], { env }))
  return { env, cwd, script }
}

describe.each(shells)('$shell', { timeout: 60_000 }, ({ shell, isMissing }) => {
  const offer = (lines: readonly string[], { env, cwd, script }: ReturnType<typeof prepare>): string[] => {
    const [program = '', ...args] = ASK[shell]?.(script, lines) ?? []
    const printed = execFileSync(program, args, {
      env,
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return printed.split('@@')
  }

  it.skipIf(isMissing)('offers verbs, templates, options, their values, and gates', () => {
    const lines = ['ro', 'new ', 'new rag-bot x --dry', 'new rag-bot x --store ch', 'hint own-c']
    const offered = offer(
      lines.map((line) => `ai-eng-starter ${line}`),
      prepare(shell),
    )
    for (const [place, wanted] of ['roadmap', 'mcp-server', '--dry-run', 'chroma', 'own-cases'].entries())
      expect(offered[place]).toContain(wanted)
    expect(offered[1]).toContain('summariser')
  })

  it.skipIf(isMissing)('runs nothing that stands on the line', () => {
    const place = prepare(shell)
    offer(['ai-eng-starter new "$(touch RAN)" '], place)
    expect(existsSync(join(place.cwd, 'RAN'))).toBe(false)
  })
})
