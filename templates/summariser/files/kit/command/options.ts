import {
  COMMON_OPTIONS,
  parseArguments,
  parseChoice,
  parseDollars,
  parseWholeNumber,
} from '#kit/console/options'

/** What `--length` and `--style` accept. */
export interface Choices<Length extends string, Style extends string> {
  lengths: readonly Length[]
  styles: readonly Style[]
}

export interface Options<Length extends string, Style extends string> {
  files: string[]
  length: Length
  style: Style
  repeat: number
  json: boolean
  maxCostUsd: number | undefined
  /** The text that `--help` asks for. */
  help: string | undefined
}

const OPTIONS = {
  ...COMMON_OPTIONS,
  length: { type: 'string', default: 'medium' },
  style: { type: 'string', default: 'paragraph' },
  repeat: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
} as const

/** Parses the arguments after the script's name. Throws a `UsageError`. */
export function parseSummaryOptions<Length extends string, Style extends string>(
  args: readonly string[],
  choices: Choices<Length, Style>,
): Options<Length, Style> {
  const { values, positionals } = parseArguments(args, OPTIONS)
  return {
    files: positionals,
    length: parseChoice('--length', choices.lengths, values.length),
    style: parseChoice('--style', choices.styles, values.style),
    repeat: parseWholeNumber('--repeat', 1, 20, values.repeat),
    json: values.json,
    maxCostUsd: parseDollars('--max-cost', values['max-cost']),
    help: values.help ? describeOptions(choices) : undefined,
  }
}

function describeOptions({ lengths, styles }: Choices<string, string>): string {
  const options = [
    [`--length ${lengths.join('|')}`, 'set the length of the summary (medium)'],
    [`--style ${styles.join('|')}`, 'set the form of the summary (paragraph)'],
    ['--repeat N', 'ask N times and measure how much the answers differ'],
    ['--json', 'print one JSON document instead of streamed text'],
    ['--max-cost USD', 'refuse a call that could pass this total'],
    ['--help', 'show this text'],
  ] as const
  const width = Math.max(...options.map(([option]) => option.length))
  return `Usage: npm start -- [options] FILE...
       some-command | npm start --silent -- [options]

${options.map(([option, text]) => `  ${option.padEnd(width)}  ${text}`).join('\n')}

The summary goes to standard output; tokens, cost and timing go to standard error.
Exit codes: 0 done, 1 failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`
}
