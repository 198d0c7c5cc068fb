/** What a token can allow. */
export const SCOPES = ['notes:read', 'notes:write'] as const

export type Scope = (typeof SCOPES)[number]
