import { InputError } from '#kit/console/errors'
import { openFolder, walkFiles } from '#kit/files/folder'
import { DOCUMENT_EXTENSIONS } from './document.ts'

/** The documents of a folder, by name; nothing of them is read yet. */
export interface DocumentList {
  root: string
  /** Paths below the root, with forward slashes, in a stable order. */
  names: string[]
  /** What looks like a document, or is a folder (`name/`), and cannot be read. */
  skipped: { name: string; why: string }[]
  /** One file was named, not a folder: it says nothing about others. */
  isOne: boolean
}

/** Throws `InputError` when the folder is not there, or holds no document or too much. */
export async function listDocuments(path: string, signal: AbortSignal): Promise<DocumentList> {
  const folder = await openFolder(path)
  const list: DocumentList = { root: folder.root, names: [], skipped: [], isOne: folder.only !== undefined }
  for await (const file of walkFiles(folder, { extensions: DOCUMENT_EXTENSIONS, signal })) {
    if ('skipped' in file) list.skipped.push({ name: file.name, why: file.skipped })
    else list.names.push(file.name)
  }
  if (list.names.length + list.skipped.length > 0) return list
  throw new InputError(
    `${path} holds no documents`,
    `Name a folder with ${DOCUMENT_EXTENSIONS.join(' ')} files in it.`,
  )
}
