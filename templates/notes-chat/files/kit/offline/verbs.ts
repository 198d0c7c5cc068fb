import { extractTerms, splitWords, stemWord } from '#kit/retrieval/terms'

/** Past forms that share no stem with their verb, as "past verb". */
const PAST = `ate eat began begin begun begin bought buy brought bring built build came come caught catch chose choose chosen choose did do done do drew draw
drove drive driven drive fed feed felt feel flew fly flown fly forgot forget found find gave give given give gone go got get grew grow grown grow had have heard hear
held hold hid hide kept keep knew know known know led lead left leave lent lend lost lose made make met meet paid pay ran run rang ring rose rise said say sang sing
sat sit saw see seen see sent send shot shoot slept sleep sold sell spent spend spoke speak spoken speak stole steal stood stand swam swim taken take taught teach
thought think threw throw told tell took take went go woke wake won win wore wear worn wear written write wrote write`
const words = PAST.split(/\s+/)
const VERBS = new Map(
  words.flatMap((past, at) =>
    at % 2 === 0 ? [[extractTerms(past)[0] ?? past, extractTerms(words[at + 1] ?? '')[0] ?? '']] : [],
  ),
)

/** The verb of a term that is a past form, else the term: "bought" is "buy". */
export function toVerb(term: string): string {
  return VERBS.get(term) || term
}

/** The terms of a text, with verbs in one form. */
export function extractSubjects(text: string): string[] {
  return extractTerms(text).map(toVerb)
}

/** One term for each word of a question: the parts of `DevConf` must not count as three things that are asked for. */
export function extractAsked(text: string): string[] {
  return splitWords(text).flatMap((word) => stemWord(word).slice(0, 1).map(toVerb))
}

/** "Owner: Luis" says who owns: the terms of a label, and of the verbs that they are made of. */
export function extractLabel(text: string): string[] {
  const [, label = ''] = /^[\W_]*(\p{L}[\p{L} ]{1,25}?)s?[*_]*\s?:/u.exec(text) ?? []
  const verbs = [...label.matchAll(/\p{L}{2,}?(?=[eo]rs?\b)/giu)].flatMap(([stem]) => [stem, `${stem}e`])
  return verbs.flatMap((verb) => [verb.toLowerCase(), ...extractSubjects(verb)])
}
