/** Elements whose text no reader sees: code, what is for machines, controls, and what stands in for pictures. */
export const UNSEEN: ReadonlySet<string> = new Set(
  (
    'annotation annotation-xml area audio base button canvas col colgroup datalist dialog embed frame frameset head iframe img ' +
    'input link map meta meter noembed noframes noscript object optgroup option param picture progress script select source style ' +
    'svg template textarea title track video'
  ).split(' '),
)

/** Elements that are part of the running text: their tags separate no words. */
export const INLINE: ReadonlySet<string> = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)

const INVISIBLE_STYLE =
  /(?:^|[;{,])(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?=[;!},]|$)|font-size:0(?![.\d]*[1-9]))/i

/** Whether an element's attributes hide it. What a style sheet hides cannot be seen from here. */
export function isHidden(attribute: (name: string) => string | undefined): boolean {
  if (attribute('hidden') !== undefined) return true
  if (attribute('aria-hidden')?.trim().toLowerCase() === 'true') return true
  const style = attribute('style')?.replace(/[\s'"]|\/\*.*?\*\//gs, '') ?? ''
  return INVISIBLE_STYLE.test(style)
}
