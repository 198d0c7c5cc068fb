/** What a package.json calls its project; undefined where it does not say. */
export interface Identity {
  name: string | undefined
  description: string | undefined
}

export function readIdentity(packageJson: string | undefined): Identity {
  const json = parseFields(packageJson ?? '{}')
  return { name: toLine(json['name']), description: toLine(json['description']) }
}

/** A package.json that is not a JSON object says nothing; npm reports that better than a comparison could. */
function parseFields(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function toLine(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.replaceAll(/\s+/g, ' ').trim() : undefined
}
