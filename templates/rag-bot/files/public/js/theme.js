// A classic script in <head>, so that a remembered theme is there before the first paint. Without one, the system decides.
;(() => {
  const root = document.documentElement
  const system = matchMedia('(prefers-color-scheme: dark)')

  function remembered() {
    try {
      return localStorage.getItem('theme')
    } catch {
      return null // storage may be forbidden: the choice then lasts as long as the page
    }
  }

  /** @param {string} theme */
  function remember(theme) {
    try {
      localStorage.setItem('theme', theme)
    } catch {
      // as above
    }
  }

  function current() {
    return root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')
  }

  function showOnButton() {
    const next = current() === 'dark' ? 'Light' : 'Dark'
    const toggle = document.getElementById('theme')
    const label = toggle?.querySelector('span')
    if (label) label.textContent = next
    toggle?.setAttribute('aria-label', `Switch to the ${next.toLowerCase()} theme`)
  }

  const saved = remembered()
  if (saved === 'dark' || saved === 'light') root.dataset['theme'] = saved
  system.addEventListener('change', showOnButton)
  document.addEventListener('DOMContentLoaded', () => {
    showOnButton()
    document.getElementById('theme')?.addEventListener('click', () => {
      const next = current() === 'dark' ? 'light' : 'dark'
      root.dataset['theme'] = next
      remember(next)
      showOnButton()
    })
  })
})()
