import { createHash } from 'node:crypto'

/** Returns hex. */
export function hashSha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
