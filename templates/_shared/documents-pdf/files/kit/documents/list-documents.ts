import { InputError } from '#kit/console/errors'
import { UnreadCount } from '#kit/documents/unread'
import { openFolder, walkFiles } from '#kit/files/folder'
import { DOCUMENT_EXTENSIONS } from './document.ts'

/** The names of the documents in a folder. No document is read yet. */
export interface DocumentList {
  root: string
  /** Paths below the root, with forward slashes, in a stable order. */
  names: string[]
  /** Files that look like documents, and folders (`name/`), that can't be read. */
  skipped: { name: string; why: string }[]
  /** The user named one file instead of a folder, so the list says nothing about other files. */
  isOne: boolean
  /** One line that counts the files with other endings, and linked folders. */
  unread?: string | undefined
}

/**
 * Lists the documents at `path`, a folder or one file. Throws `InputError` if it doesn't exist,
 * can't be read, or holds no document or too many entries, and the signal's reason when aborted.
 */
export async function listDocuments(path: string, signal: AbortSignal): Promise<DocumentList> {
  const folder = await openFolder(path)
  const list: DocumentList = { root: folder.root, names: [], skipped: [], isOne: folder.only !== undefined }
  const unread = new UnreadCount()
  const onUnread = unread.add.bind(unread)
  for await (const file of walkFiles(folder, { extensions: DOCUMENT_EXTENSIONS, signal, onUnread })) {
    if ('skipped' in file) list.skipped.push({ name: file.name, why: file.skipped })
    else list.names.push(file.name)
  }
  list.unread = unread.format()
  if (list.names.length + list.skipped.length > 0) return list
  throw new InputError(
    `${path} holds no documents${list.unread === undefined ? '' : `; ${list.unread}`}`,
    `Name a folder with ${DOCUMENT_EXTENSIONS.join(' ')} files in it.`,
  )
}
