import * as z from 'zod'

/** A tool as a model sees it. MCP servers and the AI SDK describe their tools this way. */
export interface ToolDescription {
  name: string
  description?: string | undefined
  /** JSON Schema of an object. */
  inputSchema: unknown
}

/** The facts about a parameter that the rules need. */
export interface Property {
  name: string
  description: string
  type: 'string' | 'number' | 'integer' | 'boolean' | 'strings' | 'other'
  choices: readonly string[]
  /** The request must give it: the schema requires it and has no default. */
  required: boolean
  nullable: boolean
  minimum: number
  maximum: number
}

const bound = z.number().optional().catch(undefined)
const shape = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().catch(''),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  minimum: bound,
  maximum: bound,
})
const object = z.looseObject({
  properties: z.record(z.string(), z.unknown()).catch({}),
  required: z.array(z.string()).catch([]),
})

/**
 * Reads the parameters from the JSON Schema of an object, in its order. Returns none for any other schema.
 */
export function readProperties(schema: unknown): Property[] {
  const { success, data } = object.safeParse(schema)
  if (!success) return []
  return Object.entries(data.properties).map(([name, value]) => ({
    name,
    ...readProperty(value),
    required: data.required.includes(name) && !hasDefault(value),
  }))
}

function hasDefault(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'default' in schema
}

function readProperty(schema: unknown): Omit<Property, 'name' | 'required'> {
  const { success, data } = shape.safeParse(schema)
  if (!success) return { ...NOTHING_KNOWN }
  const { description, enum: values, anyOf, items, minimum, maximum } = data
  const types = [data.type ?? []].flat()
  if (types.length === 0 && anyOf) return { ...readFirst(anyOf), description }
  const type = readType(
    types.find((one) => one !== 'null'),
    items,
  )
  const choices = (values ?? []).filter((value) => typeof value === 'string')
  const bounds = {
    minimum: minimum ?? Number.NEGATIVE_INFINITY,
    maximum: maximum ?? Number.POSITIVE_INFINITY,
  }
  return { description, type, choices, nullable: types.includes('null'), ...bounds }
}

/** Reads the first alternative that isn't null. */
function readFirst(schemas: readonly unknown[]): Omit<Property, 'name' | 'required'> {
  const known = schemas.map((schema) => ({ property: readProperty(schema), isNull: isNull(schema) }))
  const first = known.find(({ isNull }) => !isNull)?.property ?? NOTHING_KNOWN
  return { ...first, nullable: first.nullable || known.some(({ isNull }) => isNull) }
}

function isNull(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'null'
}

function readType(type: string | undefined, items: unknown): Property['type'] {
  switch (type) {
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
      return type
    case 'array':
      return readProperty(items).type === 'string' ? 'strings' : 'other'
    default:
      return 'other'
  }
}

const NOTHING_KNOWN: Omit<Property, 'name' | 'required'> = {
  ...{ description: '', type: 'other', choices: [], nullable: false },
  ...{ minimum: Number.NEGATIVE_INFINITY, maximum: Number.POSITIVE_INFINITY },
}
