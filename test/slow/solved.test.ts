import { afterAll, describe, expect, it } from 'vitest'
import {
  checkStep,
  copyOf,
  freshGround,
  removeGrounds,
  roadmap,
  solvedGround,
  takeAway,
} from '../solved/ground.ts'
import { readOverlay, solvedSteps } from '../solved/overlay.ts'

const MINUTES = 60_000

afterAll(removeGrounds, 2 * MINUTES)

describe.each(solvedSteps())('%s', (id) => {
  const step = roadmap.steps.find((one) => one.id === id)
  const required = step?.gates.filter((gate) => gate.required) ?? []
  const { pieces } = readOverlay(id)

  it(
    'is not met by a fresh project, and every failure says what to do',
    async () => {
      const gates = await checkStep(await freshGround(id), id, 'all')
      for (const gate of required) {
        const { status, advice } = gates[gate.id] ?? {}
        const waits = gate.dependsOn.length > 0
        expect({ gate: gate.id, status }).toEqual({ gate: gate.id, status: waits ? 'blocked' : 'failing' })
        if (!waits) expect(advice, gate.id).toMatch(/\w{3}/)
      }
    },
    2 * MINUTES,
  )

  it(
    'is met by the work that the overlay stands for',
    async () => {
      const gates = await checkStep(copyOf(await solvedGround(id)), id)
      const unmet = required.filter((gate) => gates[gate.id]?.status !== 'passed')
      expect(unmet.map((gate) => [gate.id, gates[gate.id]])).toEqual([])
    },
    5 * MINUTES,
  )

  it.each(Object.entries(pieces))(
    'without its piece, fails %s and what waits for it, and nothing else',
    async (gateId, piece) => {
      const ground = copyOf(await solvedGround(id))
      await takeAway(piece, ground, id)
      const gates = await checkStep(ground, id, piece)
      const red = required.filter((gate) => gates[gate.id]?.status !== 'passed').map((gate) => gate.id)
      expect(red).toEqual(required.map((gate) => gate.id).filter((one) => dependsOn(one, gateId)))
      expect(gates[gateId]).toMatchObject({ status: 'failing', advice: expect.stringMatching(/\w{3}/) })
    },
    2 * MINUTES,
  )

  /** Whether a gate is another, or waits for it, maybe through others. */
  function dependsOn(gateId: string, other: string): boolean {
    const gate = required.find((one) => one.id === gateId)
    return gateId === other || (gate?.dependsOn.some((one) => dependsOn(one, other)) ?? false)
  }
})
