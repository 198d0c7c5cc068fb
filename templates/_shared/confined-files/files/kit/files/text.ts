import { BadFile } from './file.ts'

const LINE_ENDS = /\r\n?|[\f\u2028\u2029]/g
const COLOURS = /\u001b\[[\d;?]{0,32}[A-Za-z]/g
/**
 * Control characters; halves of surrogate pairs; and characters that Unicode shows as nothing: zero-width
 * characters, marks that reverse the text direction, soft hyphens, variation selectors and tag characters.
 * They hide instructions from the reader of a document, and words from the search.
 */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu

/**
 * Returns the text as a person sees it: without invisible characters and colour
 * codes, and with `\n` line ends.
 */
export function stripInvisible(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(COLOURS, '').replace(INVISIBLE, '')
}

/**
 * Returns the visible text of a UTF-8 file, without its byte order mark.
 * Throws `BadFile` for other encodings and for binary files.
 */
export function decodeText(bytes: Uint8Array): string {
  return cleanText(decodeFileBytes(bytes))
}

/**
 * Like `decodeText`, for the output of programs: a byte that isn't UTF-8 becomes `\ufffd`.
 * Still throws `BadFile` for UTF-16 and for binary files.
 */
export function decodeLog(bytes: Uint8Array): string {
  assertNotUtf16(bytes)
  return cleanText(new TextDecoder('utf-8').decode(bytes))
}

function cleanText(text: string): string {
  const controls = text.length - text.replace(/[\0-\u0008\u000e-\u001a\u001c-\u001f]/g, '').length
  if (controls > 1 + text.length / 100) throw new BadFile('binary, or text in another encoding than UTF-8')
  return stripInvisible(text)
}

function assertNotUtf16([first, second]: Uint8Array): void {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new BadFile('UTF-16 text: convert it to UTF-8 first')
}

function decodeFileBytes(bytes: Uint8Array): string {
  assertNotUtf16(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const why = bytes.includes(0)
      ? 'binary, or text in another encoding than UTF-8'
      : 'not UTF-8 text: convert it first, for example with iconv'
    throw new BadFile(why, { cause: error })
  }
}
