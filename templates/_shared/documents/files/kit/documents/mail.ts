import PostalMime, { type Email } from 'postal-mime'
import { BadFile } from '#kit/files/file'
import { stripInvisible } from '#kit/files/text'
import { readHtml } from './html.ts'
import { escapeStructure } from './text.ts'

const MAX_MAILS = 5_000
const MAX_NESTING = 50
const MAX_FORWARDS = 5
const FORWARDED = 'message/rfc822'

/** Reads a saved mail (.eml): who wrote it to whom and when, its text, and the names of its attachments. */
export async function readMail(bytes: Uint8Array): Promise<{ title: string | undefined; text: string }> {
  const mail = await parseMail(bytes)
  return { title: mail.subject, text: await writeMail(mail) }
}

/** Reads a mailbox (.mbox), each mail below a heading with its subject. Throws `BadFile` if it has too many. */
export async function readMailbox(
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<{ title: undefined; text: string }> {
  const mails = splitMailbox(Buffer.from(bytes).toString('latin1'))
  if (mails.length > MAX_MAILS) throw new BadFile(`more than ${MAX_MAILS} mails: split it`)
  const sections: string[] = []
  for (const source of mails) {
    signal.throwIfAborted()
    const mail = await parseMail(Buffer.from(source, 'latin1'))
    sections.push(`## ${cleanLine(mail.subject ?? '') || 'No subject'}\n\n${await writeMail(mail)}`)
  }
  return { title: undefined, text: sections.join('\n\n') }
}

async function parseMail(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { maxNestingDepth: MAX_NESTING })
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : String(error)
    throw new BadFile(`a damaged mail (${reason})`, { cause: error })
  }
}

/** A mail starts at a line `From ADDRESS DATE` after a blank one; such a line in a text has a `>` before it. */
function splitMailbox(source: string): string[] {
  return source
    .replace(/\r\n?/g, '\n')
    .split(/(?:^|\n\n+)(?=From [^\n]*\d{2}:\d{2}[^\n]*\n[\w-]+:)/)
    .map((mail) => mail.replace(/^From [^\n]*\n/, '').replace(/^>(>*From )/gm, '$1'))
    .filter((mail) => mail.trim() !== '')
}

async function writeMail(mail: Email, depth = 0): Promise<string> {
  const { from, to, cc, subject, date, headers } = mail
  const sent = headers.find(({ key }) => key === 'date')?.value ?? date
  const lines = [
    ['From', writeAddresses(from === undefined ? [] : [from])],
    ['To', writeAddresses(to ?? [])],
    ['Cc', writeAddresses(cc ?? [])],
    ['Subject', subject ?? ''],
    ['Date', sent ?? ''],
  ].map(([name, value = '']) => [name, cleanLine(value)])
  const head = lines.flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]))
  const forwarded = depth < MAX_FORWARDS ? await readForwarded(mail, depth) : []
  const parts = [head.join('\n'), readBody(mail), ...forwarded, listAttachments(mail)]
  return parts.filter((part) => part !== '').join('\n\n')
}

/** Mails that are attached to a mail. */
async function readForwarded({ attachments }: Email, depth: number): Promise<string[]> {
  const texts: string[] = []
  for (const { mimeType, content } of attachments) {
    if (mimeType !== FORWARDED) continue
    const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
    texts.push(await writeMail(await parseMail(bytes), depth + 1))
  }
  return texts
}

type Address = NonNullable<Email['from']>

function writeAddresses(addresses: readonly Address[]): string {
  return addresses
    .map(({ name, address, group }) => {
      if (group !== undefined) return `${name}: ${writeAddresses(group)}`
      return name && address ? `${name} <${address}>` : (address ?? name)
    })
    .join(', ')
}

/** The plain text, or what a reader sees of the HTML where there is none. */
function readBody({ text = '', html = '' }: Email): string {
  const plain = stripInvisible(text).trim()
  if (/[\p{L}\p{N}]/u.test(plain) || html === '') return escapeStructure(plain)
  return readHtml(html).text
}

function listAttachments({ attachments }: Email): string {
  const names = attachments
    .filter(({ disposition, related }) => disposition !== 'inline' && related !== true)
    .filter(({ mimeType }) => mimeType !== FORWARDED)
    .map(({ filename, mimeType }) => cleanLine(filename ?? '') || mimeType)
  return names.length === 0 ? '' : `Attachments, not read: ${names.join(', ')}`
}

function cleanLine(text: string): string {
  return stripInvisible(text).replace(/\s+/g, ' ').trim()
}
