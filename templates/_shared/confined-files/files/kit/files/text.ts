import { BadFile } from './file.ts'

const LINE_ENDS = /\r\n?|[\f\u2028\u2029]/g
const COLOURS = /\u001b\[[\d;?]{0,32}[A-Za-z]/g
/**
 * Control characters; what Unicode says to show as nothing: zero-width characters, marks that reverse the direction of text, soft hyphens, variation selectors, the
 * invisible alphabet of tags; halves of surrogate pairs. They hide instructions from the person who reads the document, and words from the search.
 */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu

/** The text as a person sees it: without what is invisible, each line ended by `\n`. */
export function stripInvisible(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(COLOURS, '').replace(INVISIBLE, '')
}

/** The visible text of a UTF-8 file, without its byte order mark. Throws `BadFile` for other encodings and for binary files. */
export function decodeText(bytes: Uint8Array): string {
  return cleanText(decodeFileBytes(bytes))
}

/** The same for what programs write: a byte that is not UTF-8 becomes `\ufffd`. Throws `BadFile` for binary files and UTF-16 all the same. */
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
