import { UNKNOWN_CODES } from '../src/core/gates/finding.ts'
import { type Gate, KINDS } from '../src/core/gates/kinds.ts'
import type { Roadmap, Step } from '../src/core/roadmap/schema.ts'

/** Problems of a roadmap that a schema cannot express, one line each. */
export function lintRoadmap(
  roadmap: Roadmap,
  templates: readonly { id: string; milestone: string }[],
): string[] {
  return [
    ...lintOrder(roadmap),
    ...lintCodes(roadmap),
    ...lintMeasuring(roadmap),
    ...roadmap.steps.flatMap((step) => [
      ...lintStep(step, roadmap),
      ...lintNeighbour(step, templates),
      ...lintTemplate(step, roadmap, templates),
    ]),
  ]
}

function lintOrder({ milestones, steps }: Roadmap): string[] {
  const named = milestones.flatMap((milestone) => milestone.steps)
  const known = steps.map(({ id }) => id)
  const names = steps.flatMap(({ id, aliases }) => [id, ...aliases])
  return [
    ...findRepeated(named).map((id) => `roadmap.json: milestones: ${id} is listed twice`),
    ...findRepeated(names).map((id) => `_steps: ${id} is the id or alias of two steps`),
    ...named
      .filter((id) => !known.includes(id))
      .map((id) => `roadmap.json: milestones: there is no _steps/${id}.json`),
    ...known
      .filter((id) => !named.includes(id))
      .map((id) => `_steps/${id}.json: no milestone in roadmap.json names it`),
  ]
}

/** Measuring is learned once a milestone; more of the same is work without a lesson. */
function lintMeasuring({ milestones, steps }: Roadmap): string[] {
  return milestones.flatMap(({ id, steps: own }) => {
    const gates = steps.filter((step) => own.includes(step.id)).flatMap((step) => step.gates)
    const measuring = gates.filter(({ kind }) => kind === 'eval-delta').length
    return measuring > 1
      ? [`roadmap.json: ${id}: ${measuring} gates of the kind eval-delta, at most 1 wanted`]
      : []
  })
}

/** Checks that every code that a gate can give has advice. */
function lintCodes({ codes }: Roadmap): string[] {
  const missing = Object.entries(KINDS).flatMap(([kind, { codes: own }]) =>
    own
      .filter((code) => !codes.kinds[kind]?.[code])
      .map((code) => `_steps/codes.json: kinds.${kind}.${code}: missing`),
  )
  const surplus = Object.entries(codes.kinds).flatMap(([kind, hints]) =>
    Object.keys(hints)
      .filter((code) => !listCodes(kind).includes(code))
      .map((code) => `_steps/codes.json: kinds.${kind}.${code}: no gate can give this code`),
  )
  const unknown = UNKNOWN_CODES.filter((code) => !codes.unknown[code])
  return [...missing, ...surplus, ...unknown.map((code) => `_steps/codes.json: unknown.${code}: missing`)]
}

function listCodes(kind: string): readonly string[] {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind as Gate['kind']].codes : []
}

function lintStep(step: Step, { variables }: Roadmap): string[] {
  const at = `_steps/${step.id}.json`
  const names = [...step.gates, ...step.retired].flatMap(({ id, aliases }) => [id, ...aliases])
  const problems = [
    ...step.retired
      .filter(({ required }) => required)
      .map(({ id }) => `${at}: ${id}: a retired gate cannot be required`),
    ...findRepeated(names).map((id) => `${at}: ${id} is the id or alias of two gates`),
    ...step.gates.flatMap((gate) =>
      lintGate(gate, step, variables).map((text) => `${at}: ${gate.id}: ${text}`),
    ),
  ]
  const required = step.gates.filter((gate) => gate.required && !gate.startsPassing)
  if (step.gates.length > 0 && !step.optional && required.length === 0)
    problems.push(`${at}: at least one required gate must fail for a fresh project`)
  return problems
}

function lintGate(gate: Gate, step: Step, variables: Roadmap['variables']): string[] {
  const earlier = step.gates.slice(0, step.gates.indexOf(gate)).map(({ id }) => id)
  const variable = 'variable' in gate ? gate.variable : undefined
  const patterns = gate.kind === 'files' ? gate.contains : gate.kind === 'prose' ? gate.tradeOff : []
  return [
    ...gate.dependsOn
      .filter((id) => !earlier.includes(id))
      .map((id) => `dependsOn: ${id} is not an earlier gate of this step`),
    ...Object.keys(gate.codes)
      .filter((code) => !listCodes(gate.kind).includes(code))
      .map((code) => `codes: a ${gate.kind} gate cannot give ${code}`),
    ...(variable !== undefined && !Object.hasOwn(variables, variable)
      ? [`variable: ${variable} is not in roadmap.json`]
      : []),
    ...patterns
      .filter((pattern) => !isPattern(pattern))
      .map((pattern) => `${pattern} is not a regular expression`),
    ...(gate.kind === 'mcp' && !gate.argv === !gate.variable ? ['needs either argv or variable'] : []),
  ]
}

function lintNeighbour({ id, gates }: Step, templates: readonly { id: string }[]): string[] {
  return gates.flatMap(({ id: gate, neighbour }) =>
    neighbour === undefined || templates.some((one) => one.id === neighbour.template)
      ? []
      : [`_steps/${id}.json: ${gate}: neighbour: there is no template ${neighbour.template}`],
  )
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'iu')
    return true
  } catch {
    return false
  }
}

function lintTemplate(
  step: Step,
  { milestones }: Roadmap,
  templates: readonly { id: string; milestone: string }[],
): string[] {
  const template = templates.find(({ id }) => id === step.template)
  const home = milestones.find(({ steps }) => steps.includes(step.id))
  if (!template || !home || template.milestone === home.id) return []
  return [`_steps/${step.id}.json: its template belongs to ${template.milestone}, the step to ${home.id}`]
}

function findRepeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
