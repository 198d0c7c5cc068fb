/** Elements whose text a reader doesn't see: code, metadata, form controls, and fallbacks for media. */
export const UNSEEN: ReadonlySet<string> = new Set(
  (
    'annotation annotation-xml area audio base button canvas col colgroup datalist dialog embed frame frameset head iframe img ' +
    'input link map meta meter noembed noframes noscript object optgroup option param picture progress script select source style ' +
    'svg template textarea title track video'
  ).split(' '),
)

/** Inline elements: their tags don't separate words. */
export const INLINE: ReadonlySet<string> = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)

const INVISIBLE_STYLE =
  /(?:^|[;{,])(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?=[;!},]|$)|font-size:0(?![.\d]*[1-9]))/i

/** Returns whether an element's attributes hide it. Can't detect elements that a style sheet hides. */
export function isHidden(attribute: (name: string) => string | undefined): boolean {
  if (attribute('hidden') !== undefined) return true
  if (attribute('aria-hidden')?.trim().toLowerCase() === 'true') return true
  const style = attribute('style')?.replace(/[\s'"]|\/\*.*?\*\//gs, '') ?? ''
  return INVISIBLE_STYLE.test(style)
}
