import * as z from 'zod'
import { parseJson } from '#kit/console/json'
import type { Incident } from './incident.ts'
import { type AgentTool, readTool, ToolError } from './tool.ts'

const catalogue = z.array(
  z.looseObject({
    name: z.string(),
    owner: z.string(),
    /** 1 to 3; 1: customers notice at once. */
    tier: z.int().min(1).max(3),
    dependsOn: z.array(z.string()).default([]),
    runbook: z.string().optional(),
  }),
)
type Service = z.infer<typeof catalogue>[number]

const FILE = 'services.json'
const SEVERITIES = ['sev1', 'sev2', 'sev3', 'sev4'] as const
export const severity = z.enum(SEVERITIES)

/** Who owns what, and how bad it is. */
export function createServiceTools(incident: Incident): AgentTool[] {
  return [lookUpService(incident), suggestSeverity()]
}

function lookUpService(incident: Incident): AgentTool {
  return readTool({
    name: 'look_up_service',
    description:
      'Looks a service up in the catalogue: its owner, its tier, what it depends on, and what depends on it.',
    input: z.strictObject({ name: z.string().describe('For example checkout-api') }),
    run: async ({ name }, { signal }) => {
      const services = await readCatalogue(incident, signal)
      const service = services.find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
      if (service !== undefined) return describeService(service, services)
      throw new ToolError(
        `No service is called ${JSON.stringify(name)}. There are: ${services.map((one) => one.name).join(', ')}`,
      )
    },
  })
}

/** Throws a `ToolError` when the catalogue is missing or malformed. */
async function readCatalogue(incident: Incident, signal: AbortSignal): Promise<Service[]> {
  const text = (await incident.readLines(FILE, signal)).map((line) => line.text).join('\n')
  const { success, data } = catalogue.safeParse(parseJson(text))
  if (success) return data
  throw new ToolError(`${FILE} is not a catalogue of services`)
}

/** undefined when there is no catalogue. */
export async function listServiceNames(
  incident: Incident,
  signal: AbortSignal,
): Promise<Set<string> | undefined> {
  try {
    return new Set((await readCatalogue(incident, signal)).map(({ name }) => name))
  } catch (error) {
    if (error instanceof ToolError) return undefined
    throw error
  }
}

function describeService(
  { name, owner, tier, dependsOn, runbook }: Service,
  all: readonly Service[],
): string {
  const dependants = all.filter((one) => one.dependsOn.includes(name)).map((one) => one.name)
  return [
    `service: ${name}`,
    `owner: ${owner}`,
    `tier: ${tier}`,
    `depends on: ${dependsOn.join(', ') || 'nothing'}`,
    `needed by: ${dependants.join(', ') || 'nothing'}`,
    ...(runbook === undefined ? [] : [`its runbook: ${runbook}`]),
  ].join('\n')
}

/**
 * The tool `suggest_severity`, which only looks. A model picks it by its name and description, and fills in
 * its arguments by their names, types, limits and descriptions: all of them are prompts.
 *
 * The description says what it computes, and from what. `tier` is an integer from 1 to 3; `error_share`, from 0
 * to 100, is the errors in percent of all log lines. Both are needed, and nothing else is allowed. The result is
 * `severity: ` and what `computeSeverity` returns.
 */
function suggestSeverity(): AgentTool {
  return readTool({
    name: 'suggest_severity',
    description: 'Computes the severity of an incident from the tier of the service and the share of errors.',
    input: z.strictObject({
      tier: z.int().min(1).max(3),
      error_share: z.number().min(0).max(100).describe('Errors in percent of all log lines'),
    }),
    run: async ({ tier, error_share }) => `severity: ${computeSeverity(tier, error_share)}`,
  })
}

/**
 * The severity of an incident, from the tier of the service and the share of errors in percent: with 20% or
 * more it is the tier's own number, with 5% or more one milder, with fewer two; never milder than `sev4`.
 */
function computeSeverity(tier: number, share: number): z.infer<typeof severity> {
  const isHeavy = share >= 20
  const isNoticeable = share >= 5
  const step = tier - 1 + (isHeavy ? 0 : isNoticeable ? 1 : 2)
  return SEVERITIES[step] ?? 'sev4'
}
