import type { Gate } from '../gates/kinds.ts'
import { translateArguments, translateCommands } from '../pm/commands.ts'
import { formatManager, NPM, type PackageManager } from '../pm/name.ts'
import { findWords, type ManagerWords } from '../pm/words.ts'
import type { Roadmap, Step } from './schema.ts'

/** One object for each step and manager, because gates are compared by identity. */
const translations = new WeakMap<Step, Map<string, Step>>()

/**
 * The step as it reads in a project with this package manager: the commands of its gates and texts, and the
 * lock file among their inputs. A gate keeps its hash, so evidence counts whatever the manager.
 */
export function translateStep(step: Step, manager: PackageManager, codes: Roadmap['codes']): Step {
  if (manager.name === NPM.name) return step
  const known = translations.get(step) ?? new Map<string, Step>()
  translations.set(step, known)
  const key = formatManager(manager)
  const words = findWords(manager)
  const made = known.get(key) ?? {
    ...step,
    gates: step.gates.map((gate) => translateGate(gate, words, codes)),
  }
  known.set(key, made)
  return made
}

function translateGate(gate: Gate, words: ManagerWords, { kinds, unknown }: Roadmap['codes']): Gate {
  // The general advice becomes the gate's own, because it names commands too.
  const codes = { ...unknown, ...kinds[gate.kind], ...gate.codes }
  const fields = Object.entries({ ...gate, codes }).map(([name, value]) => {
    const isCommand = name === 'argv' && Array.isArray(value)
    return [name, isCommand ? translateArguments(value, words) : translateTexts(value, words)]
  })
  return Object.fromEntries(fields) as Gate
}

/** Every text in a field, however deep. */
function translateTexts(value: unknown, words: ManagerWords): unknown {
  if (typeof value === 'string') return translateCommands(value, words)
  if (Array.isArray(value)) return value.map((one) => translateTexts(one, words))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, translateTexts(one, words)]))
}
