import { asSchema } from 'ai'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Incident } from '../src/tools/incident.ts'
import { createServiceTools } from '../src/tools/services.ts'
import { ToolError } from '../src/tools/tool.ts'
import { createToolbox } from '../src/tools/toolbox.ts'
import { makeFolder, runAgent } from './agent.ts'
import { type Received, startModel } from './model-server.ts'

async function openTool() {
  const tool = createToolbox(createServiceTools(await Incident.open(makeFolder()))).find('suggest_severity')
  const { signal } = new AbortController()
  const use = (input: unknown) => tool.prepare(input).run({ signal, key: 'k', callId: 'c' })
  return { tool, use }
}

/** What `use` says about arguments: the result, or that they are refused. */
async function say(input: object): Promise<string> {
  const { tool, use } = await openTool()
  try {
    tool.prepare(input)
  } catch (error) {
    return `${JSON.stringify(input)}: ${error instanceof ToolError ? 'refused' : error}`
  }
  return `${JSON.stringify(input)}: ${await use(input)}`
}

const jsonSchema = z.object({
  properties: z.record(z.string(), z.object({ minimum: z.number(), maximum: z.number() })),
  required: z.array(z.string()),
})

/**
 * Not a model, but three rules: it takes the first tool whose description has every long word of the goal's
 * first line. It fills each required argument with the number that follows the argument's name in the goal,
 * `_` read as a space. If one is missing, or outside of the schema's limits, it says so and calls nothing.
 */
function followRules({ messages, tools }: Received, turn: number) {
  if (turn > 1) return { text: String(messages.at(-1)?.content) }
  const goal = String(messages.find(({ role }) => role === 'user')?.content)
  const words = (goal.split('\n')[0] ?? '').toLowerCase().match(/[a-z]{5,}/g) ?? []
  const isMeant = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  const tool = tools.find((one) => isMeant(one.function.description ?? ''))
  if (!tool) return { text: 'No tool has these words in its description.' }
  const { properties, required } = jsonSchema.parse(tool.function.parameters)
  const input = Object.fromEntries(
    required.map((name) => [
      name,
      Number(new RegExp(`${name.replaceAll('_', ' ')} ([\\d.]+)`).exec(goal)?.[1]),
    ]),
  )
  const wrong = required.filter((name) => {
    const { minimum = 0, maximum = 0 } = properties[name] ?? {}
    return !((input[name] ?? Number.NaN) >= minimum && (input[name] ?? Number.NaN) <= maximum)
  })
  if (wrong.length > 0) return { text: `The goal gives no allowed value for ${wrong.join(', ')}.` }
  return { calls: [{ tool: tool.function.name, input }] }
}

describe('suggest_severity', () => {
  it('is a tool that only looks, with a description that says what it computes, and from what', async () => {
    const { tool } = await openTool()
    expect({ name: tool.name, effect: tool.effect }).toEqual({ name: 'suggest_severity', effect: 'read' })
    for (const word of ['severity', 'tier', 'service', 'error'])
      expect(tool.description.toLowerCase()).toContain(word)
  })

  it('shows the model two arguments with their limits, both needed, and no others allowed', async () => {
    const { tool } = await openTool()
    expect(await asSchema(tool.schema).jsonSchema).toMatchObject({
      properties: {
        tier: { type: 'integer', minimum: 1, maximum: 3 },
        error_share: {
          type: 'number',
          minimum: 0,
          maximum: 100,
          description: expect.stringMatching(/percent|%/i),
        },
      },
      required: ['tier', 'error_share'],
      additionalProperties: false,
    })
  })

  it('is the tier itself when a fifth of all lines are errors, and milder with fewer', async () => {
    const found = await Promise.all([50, 10, 1].map((error_share) => say({ tier: 1, error_share })))
    expect(found).toEqual([
      '{"tier":1,"error_share":50}: severity: sev1',
      '{"tier":1,"error_share":10}: severity: sev2',
      '{"tier":1,"error_share":1}: severity: sev3',
    ])
  })

  it('counts a limit itself as reached, and is never milder than sev4', async () => {
    const inputs = [
      [1, 20],
      [1, 5],
      [2, 19.9],
      [2, 4.9],
      [3, 4.9],
      [3, 0],
    ] as const
    const found = await Promise.all(inputs.map(([tier, error_share]) => say({ tier, error_share })))
    expect(found.map((text) => text.slice(-4))).toEqual(['sev1', 'sev2', 'sev3', 'sev4', 'sev4', 'sev4'])
  })

  it('refuses other arguments with a ToolError, which the model can read', async () => {
    const wrong = [
      { tier: 4, error_share: 1 },
      { tier: 0, error_share: 1 },
      { tier: 1.5, error_share: 1 },
      { tier: '1', error_share: 1 },
      { tier: 1 },
      { error_share: 1 },
      { tier: 1, error_share: 101 },
      { tier: 1, error_share: -1 },
      { tier: 1, error_share: 1, service: 'api' },
    ]
    expect(await Promise.all(wrong.map(say))).toEqual(
      wrong.map((input) => `${JSON.stringify(input)}: refused`),
    )
  })

  it('is found and called by rules that read nothing but its description and its schema', async () => {
    const run = async (goal: string) => {
      const model = await startModel(followRules)
      const { state } = await runAgent({ env: model.env, goal })
      return [...state.calls.map(({ tool, result }) => `${tool}: ${result?.output}`), state.stopped?.reason]
    }
    const goal = 'Severity of the incident?\n'
    expect([
      await run(`${goal}tier 2, error share 30`),
      await run(`${goal}tier 9, error share 30`),
      await run(`${goal}tier 2`),
    ]).toEqual([['suggest_severity: severity: sev2', 'done'], ['done'], ['done']])
  })

  it('follows its rule for every tier and every share', async () => {
    const { use } = await openTool()
    const wanted = [1, 2, 3].map((tier) =>
      Array.from(
        { length: 101 },
        (_, share) => `sev${Math.min(4, tier + Number(share < 20) + Number(share < 5))}`,
      ),
    )
    for (const [index, tier] of [1, 2, 3].entries())
      for (let share = 0; share <= 100; share++)
        expect(`tier ${tier}, ${share} %: ${await use({ tier, error_share: share })}`).toBe(
          `tier ${tier}, ${share} %: severity: ${wanted[index]?.[share]}`,
        )
  })
})
