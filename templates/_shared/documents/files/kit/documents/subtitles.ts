import { stripInvisible } from '#kit/files/text'
import { decodeEntities } from './html-entities.ts'
import { escapeStructure } from './text.ts'

interface Cue {
  start: number
  end: number
  speaker: string | undefined
  /** Another person starts to speak. */
  isTurn: boolean
  text: string
}

const TIMING = /^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s|$)/
const PAUSE_SECONDS = 2
const LONG_PARAGRAPH = 500 // characters, after which a sentence's end ends a paragraph without a speaker
const SENTENCE_END = /[.!?…。！？]["'”’»)]*$/u

/** Reads subtitles (.vtt, .srt) as what is said: one paragraph for each turn of a speaker, without timings. */
export function readSubtitles(source: string): string {
  const paragraphs: Cue[] = []
  for (const cue of listCues(source)) {
    const last = paragraphs.at(-1)
    if (last === undefined || startsParagraph(last, cue)) paragraphs.push({ ...cue })
    else {
      last.text += ` ${cue.text}`
      last.end = cue.end
    }
  }
  const write = ({ speaker, text }: Cue) => (speaker === undefined ? text : `${speaker}: ${text}`)
  return escapeStructure(paragraphs.map(write).join('\n\n'))
}

function startsParagraph(last: Cue, { speaker, start, isTurn }: Cue): boolean {
  if (isTurn && speaker !== last.speaker) return true
  if (isTurn && speaker === undefined) return true
  // A speaker is often named only where the turn begins.
  if (speaker === last.speaker && speaker !== undefined) return false
  if (!SENTENCE_END.test(last.text)) return false
  return (
    start - last.end >= PAUSE_SECONDS || (last.speaker === undefined && last.text.length > LONG_PARAGRAPH)
  )
}

function listCues(source: string): Cue[] {
  const lines = stripInvisible(source).split('\n')
  const cues: Cue[] = []
  let before: readonly string[] = []
  for (let at = 0; at < lines.length; at++) {
    const [, start, end] = TIMING.exec(lines[at] ?? '') ?? []
    if (start === undefined || end === undefined) continue
    const payload: string[] = []
    while (at + 1 < lines.length && (lines[at + 1] ?? '').trim() !== '' && !TIMING.test(lines[at + 1] ?? ''))
      payload.push(lines[++at] ?? '')
    // A number above a timing without a blank line between them belongs to the next cue.
    if (TIMING.test(lines[at + 1] ?? '') && /^\d+$/.test(payload.at(-1) ?? '')) payload.pop()
    const shown = payload.map((line) => line.trimEnd())
    // Live captions repeat the line above while the next one appears.
    const fresh = shown.filter((line) => stripTags(line) !== '' && !before.includes(stripTags(line)))
    before = shown.map(stripTags)
    cues.push(...splitTurns(fresh, parseTime(start), parseTime(end)))
  }
  return cues
}

function parseTime(time: string): number {
  return time
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0)
}

const VOICE = /<v(?:\.[^\s>]*)?\s+([^>]{1,100})>/
const NAME =
  /^(?:>>\s*)?([\p{Lu}][\p{L}\p{M}\p{N}.'’-]*(?: [\p{Lu}\p{N}][\p{L}\p{M}\p{N}.'’-]*){0,3}):\s+(?=\S)/u

/** Splits a cue where another voice, name or dash starts a turn. */
function splitTurns(lines: readonly string[], start: number, end: number): Cue[] {
  const hasDashes = lines.length > 1 && lines.filter((line) => /^\s*[-–]\s?\S/.test(line)).length > 1
  const turns: Cue[] = []
  for (const piece of lines.flatMap((line) => line.split(/(?=<v[\s.])/))) {
    const plain = stripTags(piece)
    const name = NAME.exec(plain)
    const speaker = decodeEntities(VOICE.exec(piece)?.[1] ?? name?.[1] ?? '').trim() || undefined
    const text = (name === null ? plain : plain.slice(name[0].length)).replace(/^>>\s*/, '')
    const isTurn = speaker !== undefined || (hasDashes && /^[-–]/.test(plain)) || /^\s*>>/.test(plain)
    const last = turns.at(-1)
    if (last !== undefined && !isTurn) last.text += ` ${text}`
    else turns.push({ start, end, speaker, isTurn, text: hasDashes ? text.replace(/^[-–]\s?/, '') : text })
  }
  return turns.filter(({ text }) => text.trim() !== '')
}

function stripTags(line: string): string {
  const plain = line.replace(/<\/?[a-z\d][^<>]*>/gi, '').replace(/\{\\[^}]*\}/g, '')
  return decodeEntities(plain).replace(/\s+/g, ' ').trim()
}
