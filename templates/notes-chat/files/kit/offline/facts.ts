import { isInjection } from '#kit/retrieval/injection'
import type { QuotedPassage } from '#kit/retrieval/quotes'
import { listQuotableSentences } from '#kit/retrieval/sentences'
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
      describeSentences([title]).map((fact) => ({
        ...fact,
        isHeading: true,
        over: headings.slice(0, index),
      })),
    )
    const paragraphs = breakLines(text).split(/\n{2,}/)
    const texts = paragraphs
      .flatMap(listParagraph)
      .map((fact) => ({ ...fact, isHeading: false, over: headings }))
    return [...titles, ...texts].map(({ over, ...fact }, index) => ({
      ...{ ...fact, passage, place: passage * 10_000 + index },
      above: new Set(extractSubjects([name, ...over].join(' '))),
    }))
  })
}

type Sentence = Pick<Fact, 'text' | 'said' | 'own' | 'previous' | 'before' | 'paragraph'>

function listParagraph(paragraph: string): Sentence[] {
  return describeSentences(listQuotableSentences(paragraph, { standsAlone: 1 }))
}

function describeSentences(texts: readonly string[]): Sentence[] {
  const paragraph = new Set(extractSubjects(texts.join(' ')))
  const [columns = ''] = texts
  const sentences = texts.map((text, index) => {
    const previous = index === 0 || isRow(text) ? '' : (texts[index - 1] ?? '')
    const said = isRow(text) && index > 0 ? nameCells(columns, text) : text
    const own = new Set([...extractSubjects(said), ...extractLabel(text)])
    return { ...{ text, said, own, previous, paragraph }, before: new Set(extractSubjects(previous)) }
  })
  return sentences.filter(({ text }) => text !== '' && !isInjection(text))
}

function isRow(text: string): boolean {
  return text.startsWith('|')
}

/** `plan: shop, requests: 600` for the row `| shop | 600 |`. */
function nameCells(columns: string, row: string): string {
  const [names, cells] = [columns, row].map((line) => line.split('|').map((cell) => cell.trim()))
  return (cells ?? []).map((cell, at) => (cell === '' ? '' : `${names?.[at] ?? ''}: ${cell}`)).join(', ')
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
