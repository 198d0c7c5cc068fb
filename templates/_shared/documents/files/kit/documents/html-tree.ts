import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, parse } from 'parse5'
import { BadFile } from '#kit/files/file'
import { isHidden, UNSEEN } from './hidden.ts'

export type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/** Browsers stop at 512 too. The limit also bounds the recursion of the functions that walk the tree. */
const MAX_DEPTH = 512
const MAX_ELEMENTS = 500_000

/**
 * ARIA landmarks that lead to other pages, and the class names for them in older generators:
 * DocBook, Sphinx, Doxygen.
 */
const NAVIGATION_ROLES = new Set(['navigation', 'banner', 'contentinfo', 'search', 'menu', 'menubar'])
const NAVIGATION_CLASSES = new Set(
  'breadcrumb breadcrumbs headerlink navbar navfooter navheader navigation sphinxsidebar toc'.split(' '),
)
const SECTIONS = new Set(['main', 'article', 'section'])

/**
 * Parses a page as a browser does.
 * Throws `BadFile` if it nests more than 512 deep or holds more than 500,000 elements.
 */
export function parsePage(source: string): DefaultTreeAdapterTypes.Document {
  let depth = 0
  let elements = 0
  return parse(source, {
    treeAdapter: {
      ...defaultTreeAdapter,
      createElement(...element) {
        if (++elements > MAX_ELEMENTS) throw new BadFile('more than half a million elements: split it')
        return defaultTreeAdapter.createElement(...element)
      },
      onItemPush() {
        if (++depth > MAX_DEPTH) throw createTooDeepError()
      },
      onItemPop() {
        depth -= 1
      },
    },
  })
}

/**
 * Finds the element that holds the page's content: its only `main` with text, else its only `article` with
 * text, else its body. Throws `BadFile` if elements nest too deep.
 */
export function findContent(page: DefaultTreeAdapterTypes.Document): Element | undefined {
  const shown = [...walkElements(page)].filter(isShown)
  const only = (wanted: (element: Element) => boolean) => {
    const [first, ...others] = shown.filter(wanted)
    return others.length === 0 && first !== undefined && /[\p{L}\p{N}]/u.test(extractText(first))
      ? first
      : undefined
  }
  return (
    only(({ tagName, attrs }) => tagName === 'main' || getAttribute(attrs, 'role') === 'main') ??
    only(({ tagName }) => tagName === 'article') ??
    shown.find(({ tagName }) => tagName === 'body')
  )
}

/** Yields every element below a node, in document order. */
export function* walkElements(root: DefaultTreeAdapterTypes.ParentNode): Generator<Element> {
  const pile = [...root.childNodes].reverse()
  for (let node = pile.pop(); node !== undefined; node = pile.pop()) {
    if (!isElement(node)) continue
    yield node
    for (let index = node.childNodes.length - 1; index >= 0; index--) {
      const child = node.childNodes[index]
      if (child !== undefined) pile.push(child)
    }
  }
}

/** Returns whether a reader sees the element as part of the page's content. */
export function isShown({ tagName, attrs, namespaceURI, parentNode }: Element): boolean {
  if (UNSEEN.has(tagName) || namespaceURI === html.NS.SVG) return false
  if (tagName === 'nav' || tagName === 'footer' || NAVIGATION_ROLES.has(getAttribute(attrs, 'role') ?? ''))
    return false
  if (tagName === 'header' && !isInSection(parentNode)) return false
  if (
    getAttribute(attrs, 'class')
      ?.split(/\s+/)
      .some((name) => NAVIGATION_CLASSES.has(name))
  )
    return false
  return !isHidden((name) => getAttribute(attrs, name))
}

/**
 * Returns the raw text of an element, without hidden parts. Throws `BadFile` if its elements nest too deep.
 */
export function extractText(element: Element, depth = 0): string {
  if (depth > MAX_DEPTH) throw createTooDeepError()
  let text = ''
  for (const node of element.childNodes) {
    if (isText(node)) text += node.value
    else if (isElement(node) && node.tagName === 'br') text += '\n'
    else if (isElement(node) && isShown(node)) text += extractText(node, depth + 1)
  }
  return text
}

export function isElement(node: Node): node is Element {
  return 'tagName' in node
}

export function isText(node: Node): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text'
}

export function getAttribute(attributes: Element['attrs'], name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value
}

export function createTooDeepError(): BadFile {
  return new BadFile(`elements nested more than ${MAX_DEPTH} deep`)
}

function isInSection(node: Node | null): boolean {
  for (let parent = node; parent !== null && isElement(parent); parent = parent.parentNode)
    if (SECTIONS.has(parent.tagName)) return true
  return false
}
