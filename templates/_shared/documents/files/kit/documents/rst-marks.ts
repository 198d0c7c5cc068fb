/** Replaces the inline marks of reStructuredText by what a reader sees, except in code. */
export function stripRstMarks(text: string): string {
  return text
    .split(/(``[^`\n]+(?:\n[^`\n]+)?``)/)
    .map((part, index) => (index % 2 === 1 ? `\`${part.slice(2, -2)}\`` : stripOutsideCode(part)))
    .join('')
}

function stripOutsideCode(text: string): string {
  return text
    .replace(/:([\w.+:-]{1,60}):`((?:[^`\\]|\\.)+)`/g, (_, role: string, content: string) =>
      showRole(role, content),
    )
    .replace(/`((?:[^`\\]|\\.)+)`:[\w.+:-]{1,60}:/g, (_, content: string) => showTarget(content))
    .replace(/`((?:[^`\\]|\\.)+)`__?/g, (_, content: string) => showTarget(content))
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/\[(#?[\w.-]*|\*)\]_(?!\w)/g, '[$1]')
    .replace(/\|([^|\s][^|\n]{0,80})\|_{0,2}/g, '$1')
    .replace(/(?<![\w_])([\p{L}\p{N}][\p{L}\p{N}.-]*)__?(?![\w_])/gu, '$1')
    .replace(/_`([^`]+)`/g, '$1')
    .replace(/\\(?=[^\w\s])/g, '')
    .replace(/\\ /g, '')
}

const CODE_ROLES = new Set(
  'code command envvar file kbd literal makevar option program regexp samp'.split(' '),
)

function showRole(role: string, content: string): string {
  const name = role.split(':').at(-1) ?? role
  const shown = showTarget(content)
  return CODE_ROLES.has(name) ? `\`${shown}\`` : shown
}

/** `title <target>` shows the title, `~a.b.c` the last part, and `!name` the name. */
function showTarget(content: string): string {
  const text = content.replace(/\s+/g, ' ')
  const [, title] = /^(.+?)\s*<[^<>]+>$/.exec(text) ?? []
  if (title !== undefined) return title
  if (/^<[^<>]+>$/.test(text)) return text.slice(1, -1)
  return text.startsWith('~') ? (text.split('.').at(-1) ?? text).replace(/^~/, '') : text.replace(/^!/, '')
}
