import { jsonSchema } from '#kit/graders/json-schema'
import { regex } from '#kit/graders/regex'
import { createRegistry } from '#kit/graders/registry'
import { citations } from './citations.ts'
import { exact } from './exact.ts'
import { faithful } from './faithful.ts'
import { jsonFields } from './json-fields.ts'
import { judged } from './judged.ts'
import { cost, latency } from './limits.ts'
import { number } from './number.ts'
import { similarity } from './similarity.ts'
import { contains, excludes, facts, length, noInventedNumbers } from './words.ts'

/** Every grader that a case can name. To add one, write a file in this folder and list it here. */
export const { graderSpec, bindGraders, needsLabel } = createRegistry([
  ...[exact, contains, excludes, facts, noInventedNumbers, length, regex, number],
  ...[jsonSchema, jsonFields, similarity, citations, faithful, latency, cost, judged],
])
