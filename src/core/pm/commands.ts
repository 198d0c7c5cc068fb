import type { ManagerWords } from './words.ts'

/**
 * Templates name npm's commands and files; this names those of another package manager instead. Line by line,
 * and columns that are set with two or more spaces stay where they are.
 */
export function translateCommands(text: string, words: ManagerWords): string {
  return text
    .split('\n')
    .map((line) => (/\bnp[mx]\b|package-lock/.test(line) ? translateLine(line, words) : line))
    .join('\n')
}

/** A command as a list of words: `npm run --silent x` becomes `pnpm --silent run x`. */
export function translateArguments(argv: readonly string[], words: ManagerWords): string[] {
  const end = argv.findIndex((word) => !/^[\w@:./-]+$/.test(word))
  const simple = end === -1 ? argv : argv.slice(0, end)
  return [...replaceNames(simple.join(' '), words).split(' '), ...argv.slice(simple.length)]
}

function translateLine(line: string, words: ManagerWords): string {
  let drift = 0
  return line
    .split(/(?<=\S)( {2,})(?=\S)/)
    .map((piece, index) => {
      if (index % 2 === 1) {
        const gap = Math.max(2, piece.length - drift)
        drift -= piece.length - gap
        return ' '.repeat(gap)
      }
      const translated = replaceNames(piece, words)
      drift += translated.length - piece.length
      return translated
    })
    .join('')
}

const INSTALL = /\bnpm install\b(?! -| [a-z@])/g
const CI = /\bnpm ci( --ignore-scripts)?\b/g
const PRUNE = /\bnpm prune --omit=dev --ignore-scripts\b/g
/** `npm start`, `npm test` and `npm run x`, with or without `--silent`, and with the `--` before arguments. */
const SCRIPT =
  /\bnpm (?:(start|test)\b|run( --silent)? ([A-Za-z][\w-]*(?::[\w-]+)*))( --silent)?( --(?![\w-]))?/g
const PACKAGE = /\bnpx(?: --no-install| -y| --yes)? (@?[\w./-]+(?:@[\w.^~-]+)?)/g
/** Our own name is not a dependency of any project. */
const OWN_NAME = 'ai-eng-starter'

function replaceNames(text: string, words: ManagerWords): string {
  const { lock, install, ci, ciWithoutScripts, prune, run, runSilently, separates, exec, download } = words
  return text
    .replaceAll('package-lock.json', lock)
    .replace(/\bpackage-ecosystem: npm\b/, `package-ecosystem: ${words.ecosystem}`)
    .replace(INSTALL, install)
    .replace(CI, (_, withoutScripts) => (withoutScripts ? ciWithoutScripts : ci))
    .replace(PRUNE, prune)
    .replace(SCRIPT, (_, short, silently, name, alsoSilently, dashes = '') => {
      const runner = silently || alsoSilently ? runSilently : run
      return `${runner} ${short ?? name}${separates ? dashes : ''}`
    })
    .replace(PACKAGE, (_, name: string) => {
      const isForeign = name.includes('@') || name === OWN_NAME
      return `${isForeign ? download : exec} ${name}`
    })
}
