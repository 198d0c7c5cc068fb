import type { MineResult } from '../../commands/mine.ts'
import type { Share, ShareFile, ShareTotal } from '../../core/share/share.ts'
import { countNoun, listNames } from '../../core/words.ts'
import type { Look } from './gates.ts'
import { wrapHanging } from './lines.ts'

/** One project with every file; several with their totals only. */
export function describeMine({ projects }: MineResult, look: Look): string {
  const isOne = projects.length === 1
  const blocks = projects.map((share) => [
    ...formatTotals(share, look),
    ...(isOne ? formatFiles(share, look) : []),
  ])
  const more = isOne ? [] : [['Run it inside a project to list its files.']]
  return `${[...blocks, ...more].map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function formatTotals(share: Share, { width, paint }: Look): string[] {
  const { project, template, templateVersion, adopted, totals, unchanged, unknown, files } = share
  const deleted = files.filter(({ change }) => change === 'deleted').length
  const origin = adopted
    ? 'adopted: no file came from a template'
    : `from the ${template} template of ai-eng-starter ${templateVersion}`
  const rows: [string, string | null][] = [
    ['yours', formatTotal(totals.own)],
    ['kit', totals.kit.files === 0 ? null : `${formatTotal(totals.kit)}, edited by you`],
    [
      'measured',
      totals.measured.files === 0 ? null : `${countNoun(totals.measured.files, 'file')} that commands wrote`,
    ],
    [
      'template',
      adopted
        ? null
        : `${countNoun(unchanged, 'file')} unchanged${deleted > 0 ? `, ${deleted} deleted` : ''}`,
    ],
    [
      'unknown',
      unknown.length === 0 ? null : `${listNames(unknown, 5)}: the original is neither recorded nor in git`,
    ],
  ]
  return [
    paint('bold', wrapHanging('', `${project}/, ${origin}`, width)),
    ...rows.flatMap(([label, text]) =>
      text === null ? [] : [wrapHanging(`  ${label.padEnd(9)} `, text, width)],
    ),
  ]
}

/** `3 files, 82 lines added, 12 removed`. */
function formatTotal({ files, added, removed, uncounted }: ShareTotal): string {
  if (files === 0) return 'no file yet'
  const lines = uncounted === files ? '' : `, ${countNoun(added, 'line')} added, ${removed} removed`
  return `${countNoun(files, 'file')}${lines}${uncounted > 0 ? `, lines of ${uncounted} unknown` : ''}`
}

function formatFiles({ files }: Share, look: Look): string[] {
  const shown = files.filter(({ part, change }) => part !== 'measured' && change !== 'deleted')
  const widest = Math.max(0, ...shown.map((file) => formatLines(file).length))
  return [...(shown.length > 0 ? [''] : []), ...shown.map((file) => formatFile(file, widest, look))]
}

function formatFile(file: ShareFile, widest: number, { width }: Look): string {
  const note = file.change === 'changed' ? '' : ` (${file.change})`
  return wrapHanging(`  ${formatLines(file).padEnd(widest)}  `, `${file.path}${note}`, width)
}

/** `+48 -12`; a question mark where the original is not known, or the file is not text. */
function formatLines({ added, removed }: ShareFile): string {
  return added === null || removed === null ? '?' : `+${added} -${removed}`
}
