import { z } from 'zod'
import { defineGrader, fail, pass } from '#kit/graders/grader'

/**
 * The answer came within so many milliseconds. Measured on a busy machine it says something about the
 * machine.
 */
export const latency = defineGrader('latency', { maxMs: z.number().gt(0) }, ({ maxMs }, { latencyMs }) => {
  if (!(latencyMs >= 0)) throw new Error(`the latency is ${latencyMs}`)
  const reason = `${Math.round(latencyMs)} ms, at most ${maxMs}`
  return latencyMs <= maxMs ? pass(reason) : fail(reason, maxMs / latencyMs)
})

/** The answer cost no more than so many US dollars. An unknown price is an error. */
export const cost = defineGrader('cost', { maxUsd: z.number().min(0) }, ({ maxUsd }, { costUsd }) => {
  if (costUsd === null) throw new Error('the price of the answer is unknown')
  if (!(costUsd >= 0)) throw new Error(`the cost is ${costUsd}`)
  const reason = `$${costUsd}, at most $${maxUsd}`
  return costUsd <= maxUsd ? pass(reason) : fail(reason, maxUsd / costUsd)
})
