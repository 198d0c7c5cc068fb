import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const EXTENSIONS = ['.md', '.mdx', '.txt', '.html', '.htm', '.pdf']
export interface SourceDocument {
  name: string
  title: string
  metadata: Record<string, string | number | boolean>
  text: string
}
export async function readDocument(
  root: string,
  name: string,
  _signal: AbortSignal,
): Promise<SourceDocument> {
  const text = await readFile(join(root, name), 'utf8')
  return {
    name,
    title: /^# (.+)$/m.exec(text)?.[1] ?? name,
    metadata: {},
    text: text.replace(/^---\n[^]*?\n---\n/, '').replace(/<!--[^]*?-->/g, ''),
  }
}
