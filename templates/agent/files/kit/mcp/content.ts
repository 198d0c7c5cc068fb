import { isDeepStrictEqual } from 'node:util'
import type { CallToolResult } from '@modelcontextprotocol/client'
import { parseJson } from '#kit/console/json'

type ContentPart = CallToolResult['content'][number]

/** Media types whose bytes are text. */
const TEXTUAL = /^text\/|[/+](?:json|xml|yaml|javascript|x-sh|toml|sql)\b/i

/**
 * All that a tool gave, as text for a model: texts and embedded texts whole, links with their address, structured
 * content as JSON unless the parts already say all of it, as many servers send it twice. Bytes are named with their
 * type and size.
 */
export function renderResult({ content, structuredContent }: CallToolResult): string {
  const parts = content.map(renderPart)
  if (structuredContent !== undefined && !isSaid(structuredContent, content))
    parts.push(JSON.stringify(structuredContent, nameBytes(content)))
  return parts.join('\n') || '(an empty result)'
}

/** Whether a text is this data as JSON, or the parts contain every text and number in it. */
function isSaid(data: unknown, content: readonly ContentPart[]): boolean {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  if (texts.some((text) => isDeepStrictEqual(readJson(text), data))) return true
  const bytes = new Set(content.flatMap(listBytes))
  const leaves = listLeaves(data)
  const isFound = (leaf: unknown) =>
    typeof leaf === 'string'
      ? bytes.has(leaf) || texts.some((text) => text.includes(leaf.trim()))
      : texts.some((text) => text.split(/[^\w.+-]+/).includes(String(leaf)))
  // Numbers alone may stand in a text by chance.
  return leaves.some((leaf) => typeof leaf === 'string' && leaf.trim().length > 3) && leaves.every(isFound)
}

function listLeaves(data: unknown): unknown[] {
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(listLeaves) : [data]
}

function listBytes(part: ContentPart): string[] {
  if (part.type === 'image' || part.type === 'audio') return [part.data]
  return part.type === 'resource' && 'blob' in part.resource ? [part.resource.blob] : []
}

/** For `JSON.stringify`: bytes that a part has stay out of the data too. */
function nameBytes(content: readonly ContentPart[]) {
  const bytes = new Set(content.flatMap(listBytes))
  return (_key: string, value: unknown) =>
    typeof value === 'string' && bytes.has(value) ? `(${countBytes(value)} bytes, not shown)` : value
}

function readJson(text: string): unknown {
  return /^\s*[[{]/.test(text) ? parseJson(text) : undefined
}

function renderPart(part: ContentPart): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'image':
    case 'audio':
      return `(${part.type}, ${part.mimeType}, ${countBytes(part.data)} bytes, not shown)`
    case 'resource':
      return renderResource(part.resource)
    case 'resource_link': {
      const { name, title, uri, mimeType, size, description } = part
      const about = [mimeType, size === undefined ? undefined : `${size} bytes`].filter(Boolean).join(', ')
      const called = title && title !== name ? `${title} (${name})` : name
      return `(link to ${called}: ${uri}${about && `, ${about}`})${description ? ` ${description}` : ''}`
    }
    default:
      // A kind of content that came after this code.
      return JSON.stringify(part satisfies never)
  }
}

function renderResource(resource: Extract<ContentPart, { type: 'resource' }>['resource']): string {
  const { uri, mimeType } = resource
  const type = mimeType === undefined ? '' : `, ${mimeType}`
  if ('text' in resource) return `(resource ${uri}${type})\n${resource.text}`
  if (mimeType !== undefined && TEXTUAL.test(mimeType))
    return `(resource ${uri}${type})\n${Buffer.from(resource.blob, 'base64').toString('utf8')}`
  return `(resource ${uri}${type}, ${countBytes(resource.blob)} bytes, not shown)`
}

function countBytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64')
}
