import { describe, expect, it } from 'vitest'
import { correctQuestion, listAskedWords, resolveTerms } from '#kit/retrieval/asked'
import { chunkDocument } from '#kit/retrieval/chunk'
import { detectLanguage } from '#kit/retrieval/language'
import { LexicalIndex } from '#kit/retrieval/lexical-index'
import { extractTerms } from '#kit/retrieval/terms'

describe('the language of a text', () => {
  it.each([
    ['Wie viele Tage Urlaub habe ich?', 'de'],
    ['¿Cuántos días de vacaciones tengo en el año?', 'es'],
    ['Combien de jours de congé est-ce que nous avons ?', 'fr'],
    ['Ile dni urlopu mam i kiedy są?', 'pl'],
    ['Hoeveel dagen vakantie heb ik en wanneer?', 'nl'],
    ['How many days of leave do I have?', undefined],
    ['Snapshots', undefined],
    ['有給休暇は年に何日ですか？', undefined],
  ])('%s: %s', (text, language) => {
    expect(detectLanguage(text)).toBe(language)
  })
})

describe('a question', () => {
  const index = (...texts: string[]) =>
    new LexicalIndex(
      texts.flatMap((text, number) => chunkDocument({ name: `${number}.md`, title: '', text })),
    )

  it.each([
    [
      'German',
      'Wie viele Tage Urlaub habe ich?',
      'Allen Angestellten stehen im Jahr 28 Urlaubstage zu; die Tage sind frei wählbar.',
    ],
    ['Spanish', '¿Cuántos días de vacaciones tengo?', 'La plantilla tiene 28 dias de vacaciones al año.'],
    ['Russian', 'Сколько дней отпуска у меня есть?', 'Сотрудникам положено 28 дней отпуска в год.'],
    ['Greek', 'Πόσες ημέρες άδειας έχω;', 'Το προσωπικό έχει 28 ημέρες άδεια τον χρόνο.'],
    ['Japanese', '有給休暇は年に何日ですか？', '有給休暇は年に二十日です。'],
    ['Korean', '휴가는 며칠입니까?', '직원의 휴가는 28일입니다.'],
    ['Thai', 'วันลาพักร้อนกี่วัน', 'พนักงานมีวันลาพักร้อน 28 วัน'],
  ])('finds its page and weighs nothing that only its language needs: %s', (_, question, text) => {
    const found = index('The office has a red door.', text, 'Der Parkplatz ist hinten.')
    expect(found.find(question, 1)[0]?.chunk.text).toBe(text)
    expect(
      [...found.weigh(question).weights.keys()].every((term) => !/^(?:wi|hab|ich|τι|есть)$/.test(term)),
    ).toBe(true)
  })

  it('is read with one slip of a letter, and says so', () => {
    const docs = index('Snapshots are kept for ninety days.', 'Invoices are sent on Monday.')
    for (const slip of ['snapshtos', 'snaphots', 'snapsshots', 'snapxhots']) {
      const question = `How long are ${slip} kept?`
      const { weights, readAs } = docs.weigh(question)
      expect(weights.has('snapshot')).toBe(true)
      expect(readAs).toEqual([{ word: slip, as: expect.stringMatching(/^snapshots?$/) }])
      expect(correctQuestion(question, readAs)).toMatch(/^How long are snapshots? kept\?$/)
    }
  })

  it.each(['weigh', 'zebra', 'x9k2', 'REPORT_DB_POOL'])('keeps a word that is no slip: %s', (word) => {
    const { terms, readAs } = resolveTerms(listAskedWords(word), (term) =>
      ['weight', 'db'].includes(term) ? 1 : 0,
    )
    expect(readAs).toEqual([])
    expect(terms).toContain(extractTerms(word)[0])
  })

  it('tells C, C++ and C# apart', () => {
    const docs = index(
      'The C++ client needs a compiler.',
      'The C# client needs a package for .NET 8.',
      'The C client is small.',
    )
    expect(docs.find('What does the C# client need?', 1)[0]?.chunk.text).toContain('.NET')
    expect(docs.find('What does the C++ client need?', 1)[0]?.chunk.text).toContain('compiler')
  })
})
