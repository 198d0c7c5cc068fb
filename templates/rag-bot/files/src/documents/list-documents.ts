import { filesBelow, openFolder } from '../retrieval/folder.ts'
import { DOCUMENT_EXTENSIONS } from './document.ts'

/** The documents of a folder, by name; nothing of them is read yet. */
export interface DocumentList {
  root: string
  /** Paths below the root, with forward slashes, in a stable order. */
  names: string[]
  /** One line for each file that looks like a document and cannot be read: its name and why. */
  skipped: string[]
}

/** Throws `InputError` when the folder is not there, or holds too much. */
export async function listDocuments(path: string, signal: AbortSignal): Promise<DocumentList> {
  const folder = await openFolder(path)
  const list: DocumentList = { root: folder.root, names: [], skipped: [] }
  for await (const file of filesBelow(folder, { extensions: DOCUMENT_EXTENSIONS, signal })) {
    if ('skipped' in file) list.skipped.push(`${file.name}: ${file.skipped}`)
    else list.names.push(file.name)
  }
  return list
}
