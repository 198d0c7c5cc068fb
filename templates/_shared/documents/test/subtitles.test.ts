import { afterAll, describe, expect, it } from 'vitest'
import { documentFolder } from './reading.ts'

const { textOf, remove } = documentFolder()
afterAll(remove)

const cue = (start: number, ...lines: string[]) =>
  `00:00:${String(start).padStart(2, '0')}.000 --> 00:00:${String(start + 2).padStart(2, '0')}.000 align:start\n${lines.join('\n')}\n`

describe('subtitles', () => {
  it('are one paragraph for each turn of a speaker, without timings, notes and tags', async () => {
    const cues = [
      'WEBVTT - a council\n\nNOTE made by hand\n\nSTYLE\n::cue { color: red }\n',
      `first\n${cue(1, '<v Eva Holm>The bridge stays <i>closed</i>', 'until the beams')}`,
      `2\n${cue(4, '<v Eva Holm>are replaced &amp; painted.')}`,
      `3\n${cue(7, '<v.loud Ole Dahl>Who pays?')}`,
    ]
    expect(await textOf('a.vtt', cues.join('\n'))).toBe(
      'Eva Holm: The bridge stays closed until the beams are replaced & painted.\n\nOle Dahl: Who pays?',
    )
  })

  it('know speakers by name or dash in SubRip, and end paragraphs at pauses', async () => {
    const source = [
      `1\n${cue(1, '{\\an8}MIRA: The cellar floods')}`,
      `2\n${cue(3, 'every spring.')}`,
      `3\n${cue(5, '- Since when?', '- Since the dam.')}`,
      `4\n${cue(30, 'A pump is ordered.')}`,
    ].join('\n')
    expect(await textOf('a.srt', source.replaceAll('.000', ',000').replaceAll('\n', '\r\n'))).toBe(
      'MIRA: The cellar floods every spring.\n\nSince when?\n\nSince the dam.\n\nA pump is ordered.',
    )
  })

  it('say once what live captions repeat', async () => {
    const live = [
      cue(1, 'the<00:00:01.500><c> well</c>'),
      cue(3, 'the well', 'is dry'),
      cue(5, 'is dry', 'now'),
    ]
    expect(await textOf('a.vtt', `WEBVTT\n\n${live.join('\n')}`)).toBe('the well is dry now')
  })
})
