import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { PortfolioResult } from '../../src/commands/portfolio.ts'
import { listClaims } from '../../src/core/portfolio/portfolio.ts'
import { snapshot } from '../tree.ts'
import {
  checkStep,
  copyOf,
  freshGround,
  removeGrounds,
  roadmap,
  runAs,
  solvedGround,
  takeAway,
  withStandIns,
} from './ground.ts'
import { readOverlay, solvedSteps } from './overlay.ts'

const MINUTES = 60_000

/** What has to be so for each step of a milestone that has an overlay. */
export function describeSolved(milestone: string): void {
  afterAll(removeGrounds, 2 * MINUTES)
  const steps = roadmap.milestones.find(({ id }) => id === milestone)?.steps ?? []
  describe.each(solvedSteps().filter((id) => steps.includes(id)))('%s', describeStep)
}

function describeStep(id: string): void {
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
      for (const gate of required.filter(({ cost }) => cost === 'network'))
        expect(gates[gate.id]?.found).toMatch(/ \(against a stand-in\)$/)
      expect(unmet.map((gate) => [gate.id, gates[gate.id]])).toEqual([])
    },
    5 * MINUTES,
  )

  it.runIf(step?.template !== undefined)(
    'stays met when the weak model runs again, and where the reports are gone',
    async () => {
      const ground = copyOf(await solvedGround(id))
      const ended = await runAs('scripted', ['npm', 'run', '--silent', 'eval'], ground.project)
      expect(ended.stdout).toContain('openai-compatible / scripted')
      for (const loseReports of [false, true]) {
        if (loseReports) removeReports(join(ground.project, 'reports'))
        const gates = await checkStep(ground, id)
        const unmet = required.filter((gate) => gates[gate.id]?.status !== 'passed')
        expect(unmet.map((gate) => [gate.id, gates[gate.id]])).toEqual([])
      }
    },
    5 * MINUTES,
  )

  it(
    'is followed by the next project, which touches nothing that is there',
    async () => {
      const ground = copyOf(await solvedGround(id))
      await withStandIns(ground, id, 'nothing', async (run) => {
        const before = snapshot(ground.folder)
        const { result } = await run('next', 'made-by-next', '--no-install', '--yes')
        expect(result).toMatchObject({ kind: 'created', project: { template: expect.any(String) } })
        const after = Object.entries(snapshot(ground.folder))
        expect(after.some(([path]) => path.startsWith('made-by-next/'))).toBe(true)
        const others = after.filter(
          ([path]) => !/^made-by-next|\.ai-eng(\/cache)?(\/|$)|\/node_modules\//.test(path),
        )
        const earlier = Object.entries(before).filter(
          ([path]) => !/\.ai-eng(\/cache)?(\/|$)|\/node_modules\//.test(path),
        )
        expect(others).toEqual(earlier)
      })
    },
    2 * MINUTES,
  )

  it(
    'can be shown: a portfolio whose every claim is proven, and every link holds',
    async () => {
      const ground = copyOf(await solvedGround(id))
      await withStandIns(ground, id, 'nothing', async (run) => {
        // A stand-in listens on another port each time, so what is deployed is looked at again.
        await run('check', ...required.map((gate) => `${id}/${gate.id}`))
        const { ok, result, error } = await run('portfolio', '--verify')
        expect(error).toBeUndefined()
        const { portfolio, links } = result as PortfolioResult
        const shown = listClaims(portfolio).filter(({ step: own }) => own === id)
        expect(ok && links?.length).toBeGreaterThan(0)
        for (const gate of required)
          expect(shown).toContainEqual(
            expect.objectContaining({
              gate: gate.id,
              standing: gate.cost === 'network' ? 'stand-in' : 'proven',
            }),
          )
        expect(await run('portfolio', '--check')).toMatchObject({ ok: true })
      })
    },
    2 * MINUTES,
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
}

/** As in a fresh clone: git ignores all of the folder but the history of blessings. */
function removeReports(folder: string): void {
  for (const name of readdirSync(folder))
    if (name !== 'history.jsonl') rmSync(join(folder, name), { recursive: true })
}
