import type { ModelMessage, ToolSet } from 'ai'
import { printable } from '#kit/console/printable'
import { LlmError } from '#kit/llm/errors'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import type { Llm } from '#kit/llm/model'
import { answerFromNotes } from '#kit/offline/answer'
import { rememberTurns } from '#kit/offline/memory'
import { isStatement, requestFor } from '#kit/offline/request'
import { termsOf } from '#kit/retrieval/terms'
import { noteReader, usesTools } from './ask/read-note.ts'
import { type ConversationRequest, streamConversation } from './ask/stream.ts'
import { assembleContext, type Budget, type Context, roomFor, type Turn } from './context.ts'
import { foldTurns, spoken, turnsToFold } from './memory.ts'
import type { NotesIndex } from './notes/search.ts'
import { SYSTEM } from './prompts.ts'

/** What a conversation is, between two questions. */
export interface Conversation {
  /** Every turn, oldest first. */
  turns: Turn[]
  /** How many of the oldest turns are in the memory and no longer sent. */
  folded: number
  memory: string
}

export interface Reply {
  question: string
  answer: string
  /** Notes that were sent along, best first. */
  notes: string[]
  /** Notes that the answer names and that were sent. */
  cited: string[]
  /** Notes that the answer names and that were not sent: do not trust them. */
  unknown: string[]
  budget: Budget
  /** Input tokens as the provider counted them; undefined when it does not. */
  countedTokens: number | undefined
}

export interface ChatOptions {
  llm: Llm
  notes: NotesIndex
  conversation: Conversation
  /** Let the model read whole notes with a tool. */
  tools: boolean
  /** Told what a reader of the answer should know: what was summarised, what was left out. */
  notify: (line: string) => void
}

const CANDIDATES = 12 // sections; how many are sent is up to the budget

/** A conversation about notes. A turn is part of it only when it is complete. */
export class Chat {
  llm: Llm
  readonly conversation: Conversation
  readonly #options: ChatOptions

  constructor(options: ChatOptions) {
    this.llm = options.llm
    this.conversation = options.conversation
    this.#options = options
  }

  /**
   * Streams the answer; returns what is to know about it. Throws what the provider layer throws, and `InputError` for a
   * question that cannot fit.
   */
  async *ask(question: string, signal?: AbortSignal): AsyncGenerator<string, Reply, undefined> {
    const room = roomFor({ window: this.llm.contextWindow, system: SYSTEM, question })
    await this.#makeRoom(room.all - room.notes, signal)
    const previous = this.#followedUp(question)
    const context = this.#context(question, previous)
    const reader = noteReader(this.#options.notes.notes, context.budget.free - context.budget.reserve)
    const callsBefore = this.llm.meter.total().calls

    const kept: ModelMessage[] = []
    const stream = streamConversation(this.llm, {
      system: context.system,
      messages: context.messages,
      heuristic: {
        task: 'answer',
        input: requestFor({
          question,
          previous,
          context,
          conversation: this.conversation,
          notes: this.#options.notes,
        }),
      },
      maxOutputTokens: context.budget.reserve,
      onComplete: (messages) => kept.push(...messages),
      ...this.#toolsFor(context, reader.tools),
      ...(signal && { signal }),
    })
    let answer = ''
    for await (const delta of printable(stream)) {
      answer += delta
      yield delta
    }

    this.conversation.turns.push([{ role: 'user', content: question }, ...kept])
    const made = this.llm.meter.total().calls - callsBefore
    const call = made > 0 ? this.llm.meter.calls.at(-made) : undefined
    const notes = [...new Set([...context.sections.map(({ document }) => document), ...reader.read])]
    return {
      ...{ question, answer, notes, ...citations(answer, notes), budget: context.budget },
      countedTokens: call === undefined || call.estimated ? undefined : call.inputTokens,
    }
  }

  /** Folds old turns into the memory when they no longer fit. If that fails, this call goes without them; the next tries again. */
  async #makeRoom(room: number, signal: AbortSignal | undefined): Promise<void> {
    const { conversation } = this
    const turns = conversation.turns.slice(conversation.folded)
    const count = turnsToFold(conversation.memory, turns, room)
    if (count === undefined) return
    try {
      const before = { memory: conversation.memory, turns: turns.slice(0, count) }
      const memory = await foldTurns(this.llm, before, room, signal)
      conversation.memory = memory.text
      conversation.folded += count
      const cut = memory.isCut ? ', cut because the model wrote more than fits' : ''
      this.#options.notify(
        `compacted: ${conversation.folded} turns are now a memory of ${memory.text.split('\n').length} lines${cut}`,
      )
    } catch (error) {
      if (!(error instanceof LlmError)) throw error
      this.#options.notify(
        `not compacted (${error.message}): the oldest turns are left out of this call, and nothing is summarised`,
      )
    }
  }

  #context(question: string, previous: string): Context {
    const { turns, folded, memory } = this.conversation
    return assembleContext({
      window: this.llm.contextWindow,
      system: SYSTEM,
      question,
      sections: this.#options.notes.find(`${question} ${previous}`, CANDIDATES),
      memory,
      turns: turns.slice(folded),
    })
  }

  /** "Who wrote it?" says too little to search with: then the question before it helps. */
  #followedUp(question: string): string {
    const before = this.conversation.turns
      .map((turn) => spoken(turn).question)
      .findLast((text) => !isStatement(text))
    const pointsBack = /\b(?:it|its|he|she|him|her|they|them|their|that|those|these|this|there)\b/i.test(
      question,
    )
    return before !== undefined && (pointsBack || termsOf(question).length < 2) ? before : ''
  }

  /** Declared when they may be called, and also when the history has calls in it: a model's API insists on that. */
  #toolsFor({ messages, budget }: Context, set: ToolSet): Pick<ConversationRequest, 'tools'> {
    const mayCall = this.#options.tools && budget.free > 2 * budget.reserve
    return mayCall || usesTools(messages) ? { tools: { set, mayCall } } : {}
  }
}

/** What the embedded heuristic provider can be asked here. */
export const heuristicTasks: HeuristicTasks = {
  answer: (input) => answerFromNotes(input),
  remember: (input) => rememberTurns(input),
}

const CITATION = /\[([^\]\n]{1,300}\.(?:md|markdown|txt))\]/gi

function citations(answer: string, sent: readonly string[]): Pick<Reply, 'cited' | 'unknown'> {
  const named = [...new Set([...answer.matchAll(CITATION)].map(([, name = '']) => name))]
  return {
    cited: named.filter((name) => sent.includes(name)),
    unknown: named.filter((name) => !sent.includes(name)),
  }
}
