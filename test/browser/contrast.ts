/** The contrast (WCAG 2) of every text that can be seen, worst first. Runs in the page: it must need nothing from outside. */
export function contrasts(): { text: string; ratio: number }[] {
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) throw new Error('there is no canvas')

  /** As the screen shows it, whatever colour space it is written in. */
  function channels(layers: string[]): number[] {
    if (!pen) return []
    for (const colour of layers) {
      pen.fillStyle = colour
      pen.fillRect(0, 0, 1, 1)
    }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }

  function luminance(layers: string[]): number {
    const [r = 0, g = 0, b = 0] = channels(layers).map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  /** Backgrounds from the page's up to the element's. */
  function backgrounds(element: Element | null): string[] {
    if (!element) return ['white']
    return [...backgrounds(element.parentElement), getComputedStyle(element).backgroundColor]
  }

  const found: { text: string; ratio: number }[] = []
  for (const element of document.querySelectorAll('body *')) {
    const texts = [...element.childNodes]
      .filter((node) => node.nodeType === 3)
      .map((node) => node.textContent?.trim() ?? '')
    const text = element instanceof HTMLTextAreaElement ? element.placeholder : texts.join(' ').trim()
    if (text === '' || !element.checkVisibility() || element.closest('.unseen')) continue
    const pseudo = element instanceof HTMLTextAreaElement ? '::placeholder' : null
    const behind = backgrounds(element)
    const [a, b] = [luminance(behind), luminance([...behind, getComputedStyle(element, pseudo).color])]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    found.push({
      text: `${element.localName}.${element.className}: ${text.slice(0, 40)}`,
      ratio: Math.round(ratio * 100) / 100,
    })
  }
  return found.sort((one, other) => one.ratio - other.ratio)
}
