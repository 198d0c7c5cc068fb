/**
 * The one place that makes elements. Strings become text nodes: nothing that a server, a model or a document says is ever parsed as HTML here, and no attribute that loads,
 * runs or styles something is ever set from it.
 * @typedef {string | Node | null | undefined | false} Child
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string>} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

/**
 * A button that is no submit button.
 * @param {string} label @param {() => void} onClick @param {Record<string, string>} [attributes]
 */
export function button(label, onClick, attributes = {}) {
  const element = el('button', { type: 'button', ...attributes }, label)
  element.addEventListener('click', onClick)
  return element
}

/**
 * An element of index.html. Throws when the page and its scripts do not fit together.
 * @template {HTMLElement} T
 * @param {string} id @param {new () => T} type @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new Error(`index.html has no ${type.name} with the id ${id}`)
  return element
}

/** Replaces what an element holds. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  )
}

/** Scrolls, calmly where that is wanted. @param {Element} element @param {ScrollLogicalPosition} block */
export function scrollTo(element, block) {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  element.scrollIntoView({ behavior: isCalm ? 'instant' : 'smooth', block })
}
