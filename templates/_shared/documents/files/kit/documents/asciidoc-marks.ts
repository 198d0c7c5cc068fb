/** Replaces the inline marks of AsciiDoc by what a reader sees, except in code. */
export function stripAsciidocMarks(text: string): string {
  return text
    .split(/(`\+?[^`\n]+\+?`)/)
    .map((part, index) => (index % 2 === 1 ? showCode(part) : stripOutsideCode(part)))
    .join('')
}

function showCode(part: string): string {
  const content = part.slice(1, -1)
  return /^\+.+\+$/.test(content) ? `\`${content.slice(1, -1)}\`` : `\`${stripOutsideCode(content)}\``
}

const MACRO_TEXT =
  /(?<![\w:])(?:link|xref|mailto|https?|ftp|irc):(?!:)[^\s[\]]{0,2000}\[((?:[^\]\\]|\\.){0,1000})\]/g

function stripOutsideCode(text: string): string {
  return text
    .replace(/\[\[[\w.:-]+(?:,[^\]]*)?\]\]|\[#[\w.:-]+\](?=\S)/g, '')
    .replace(
      /<<([^,<>\n]{1,200})(?:,\s*([^<>\n]{1,500}))?>>/g,
      (_, target: string, shown?: string) => shown ?? target.replace(/^#/, ''),
    )
    .replace(MACRO_TEXT, showLink)
    .replace(/footnote(?:ref)?:[\w-]*\[([^\]]*)\]/g, ' ($1)')
    .replace(/(?:kbd|btn|stem|latexmath|asciimath):\[([^\]]*)\]/g, '$1')
    .replace(/menu:([^[\s]+)\[([^\]]*)\]/g, (_, menu: string, item: string) =>
      item ? `${menu} > ${item}` : menu,
    )
    .replace(/(?:image|icon):(?!:)[^\s[\]]+\[([^\],]*)[^\]]*\]/g, '$1')
    .replace(/\[[.\w%#-]+\](#{1,2})(?=\S)([^#\n]+)\1/g, '$2')
    .replace(/(?<![\w#])#(?=\S)([^#\n]*\S)#(?![\w#])/g, '$1')
    .replace(/pass:[a-z,]*\[([^\]]*)\]/g, '$1')
    .replace(/\(\(\(?[^()\n]*\)?\)\)/g, showIndexTerm)
    .replace(/\{nbsp\}/g, ' ')
    .replace(/\\(?=[*_`#{<[])/g, '')
}

function showLink(whole: string, label: string): string {
  const address = whole.slice(0, whole.indexOf('['))
  const shown = label
    .replace(/,\s*(?:window|role|opts)=.*$/, '')
    .replace(/\^$/, '')
    .replace(/^"|"$/g, '')
  return shown || address.replace(/^(?:link|xref|mailto):/, '')
}

/** `((term))` is shown, `(((term)))` only listed in the index. */
function showIndexTerm(whole: string): string {
  return whole.startsWith('(((') ? '' : whole.slice(2, -2)
}
