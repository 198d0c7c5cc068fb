import { isInjection } from '#kit/retrieval/injection'
import { listQuotables, type Quotable } from '#kit/retrieval/quotables'
import type { QuotedPassage } from '#kit/retrieval/quotes'
import { skipFrontMatter } from '#kit/text/blocks'
import { extractLabel, extractSubjects } from './verbs.ts'

/** A section of a note. `name`: the note's, without its ending; `headings`: its title and those of the section. */
export interface NotePassage extends QuotedPassage {
  name: string
  headings: readonly string[]
}

/** One sentence of a note, with the terms that it says and those that it is about. */
export interface Fact {
  passage: number
  text: string
  place: number
  isHeading: boolean
  /** The sentence as questions look at it: a table row with the names of its columns. */
  said: string
  own: ReadonlySet<string>
  /** The sentence before it in its paragraph, or ''. */
  previous: string
  before: ReadonlySet<string>
  /** The terms of its whole paragraph. */
  paragraph: ReadonlySet<string>
  /** Of the headings above it, and of the note's name. */
  above: ReadonlySet<string>
}

/** The sentences of all passages in order. A heading is one too: "Dentist, 3 May" may stand there only. */
export function listFacts(passages: readonly NotePassage[]): Fact[] {
  return passages.flatMap(({ headings, name, text }, passage) => {
    const titles = headings.flatMap((title, index) =>
      describeSentences([{ text: title, about: '' }]).map((fact) => ({
        ...fact,
        isHeading: true,
        over: headings.slice(0, index),
      })),
    )
    const texts = listSaid(breakLines(text)).map((fact) => ({ ...fact, isHeading: false, over: headings }))
    return [...titles, ...texts].map(({ over, ...fact }, index) => ({
      ...{ ...fact, passage, place: passage * 10_000 + index },
      above: new Set(extractSubjects([name, ...over].join(' '))),
    }))
  })
}

type Sentence = Pick<Fact, 'text' | 'said' | 'own' | 'previous' | 'before' | 'paragraph'>

/** What each paragraph says, and every lead-in with what it announces, which may be below a blank line. */
function listSaid(text: string): Sentence[] {
  const leads = listQuotables(text).filter(({ parts }) => parts !== undefined)
  const openings = new Set(leads.map((lead) => lead.text.split('\n')[0]))
  const paragraphs = text.slice(skipFrontMatter(text)).split(/\n{2,}/)
  const sentences = paragraphs.flatMap((paragraph) => {
    const units = listQuotables(paragraph, { joinsPronouns: false }).filter(
      ({ parts }) => parts === undefined,
    )
    return describeSentences(units)
  })
  return [
    ...sentences.filter((one) => !openings.has(one.text)),
    ...leads.flatMap((lead) => describeSentences([lead])),
  ]
}

function describeSentences(units: readonly Quotable[]): Sentence[] {
  const paragraph = new Set(extractSubjects(units.map(({ text }) => text).join(' ')))
  const sentences = units.map(({ text, cells }, index) => {
    const previous = index === 0 || cells ? '' : (units[index - 1]?.text ?? '')
    const said = cells ? nameCells(cells) : text
    const own = new Set([...extractSubjects(said), ...extractLabel(text)])
    return { ...{ text, said, own, previous, paragraph }, before: new Set(extractSubjects(previous)) }
  })
  return sentences.filter(({ text }) => text !== '' && !isInjection(text))
}

/** `plan: shop, requests: 600` for the row `| shop | 600 |`. */
function nameCells(cells: NonNullable<Quotable['cells']>): string {
  return cells.map(({ header, text }) => (text === '' ? '' : `${header}: ${text}`)).join(', ')
}

const LONG_LINE = 60 // characters: a shorter one was ended by its writer, not by an editor that wraps lines
const SHORT_LINE = 40
const BEGINS = /^[ \t]*(?:[-*+•] |\d+[.)] |\[|\p{Lu}|\d|\p{L}[\p{L} ]{1,24}:\s)/u

/** Gives each line of a list or a jotted note its own paragraph: "Rent 1,450\nInternet 39.90" are two facts. */
export function breakLines(text: string): string {
  const lines = text.split('\n')
  return lines.map((line, at) => (isEnd(line, lines[at + 1] ?? '') ? `${line}\n` : line)).join('\n')
}

function isEnd(line: string, next: string): boolean {
  if (line.trim() === '' || next.trim() === '' || line.trimStart().startsWith('|')) return false
  if (BEGINS.test(next)) return line.length < LONG_LINE || /[.!?:;]\W*$/.test(line)
  return line.length < SHORT_LINE && !/^\s/.test(next)
}
