import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('links only files that are in the package, and pictures, which stay in the repository', () => {
  const readme = readFileSync('README.md', 'utf8')
  const linked = [...readme.matchAll(/(?<!!\[[^\]]*)\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path)
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent']
  const [{ files }] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }))
  const packed = files.map(({ path }: { path: string }) => path)
  expect(linked.length).toBeGreaterThan(3)
  expect(linked.filter((path) => !packed.includes(path))).toEqual([])
  const pictures = [...readme.matchAll(/!\[[^\]]{40,}\]\(([^)]+\.png)\)/g)].map(([, path = '']) => path)
  expect(pictures).toHaveLength(1)
  for (const path of pictures) {
    const bytes = readFileSync(path)
    expect(bytes.toString('latin1', 1, 4)).toBe('PNG')
    expect(bytes.length).toBeLessThan(120_000)
    expect(packed).not.toContain(path)
  }
})
