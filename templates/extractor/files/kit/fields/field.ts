/** One value to find. */
export interface Leaf {
  kind: 'string' | 'enum' | 'number' | 'integer' | 'boolean' | Format
  name: string
  description: string
  nullable: boolean
  /** The choices of an enum; empty for every other kind. */
  values: readonly string[]
  /** Why the field can't hold the value, in a few words; undefined when it can. */
  problem(value: unknown): string | undefined
}

export type Format = 'date' | 'date-time' | 'time' | 'email' | 'url' | 'phone'

export interface ObjectField {
  kind: 'object'
  name: string
  description: string
  nullable: boolean
  fields: readonly Field[]
  /** Why the data breaks the schema, rules over several fields included; undefined when it fits. */
  problem(data: unknown): string | undefined
}

export interface ArrayField {
  kind: 'array'
  name: string
  description: string
  nullable: boolean
  item: Field
}

/** A schema as a tree: what prompts, checks, CSV and the offline rules read. */
export type Field = Leaf | ObjectField | ArrayField

export function isLeaf(field: Field): field is Leaf {
  return field.kind !== 'object' && field.kind !== 'array'
}

/** Every value of a schema with its path; `actionItems[].owner` stands for the rows of a list. */
export function listLeaves(field: Field, path = ''): { path: string; leaf: Leaf }[] {
  switch (field.kind) {
    case 'object':
      return field.fields.flatMap((child) => listLeaves(child, path ? `${path}.${child.name}` : child.name))
    case 'array':
      return listLeaves(field.item, `${path}[]`)
    default:
      return [{ path, leaf: field }]
  }
}
