import { execFileSync } from 'node:child_process'

/**
 * `npm run check:package`: prints the size of the package, by part. The test in test/packed enforces the
 * limit.
 */
const PARTS: [part: string, path: RegExp][] = [
  ['templates', /^dist\/packs\//],
  ['catalogue and roadmap', /^dist\/.*\.json$/],
  ['program', /^(?:dist\/.*\.cjs|bin\/)/],
  ['licences', /LICEN[CS]E/],
  ['docs', /\.md$|^docs\//],
]

interface Packed {
  files: { path: string; size: number }[]
  unpackedSize: number
  size: number
}

const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent'])
const [packed] = JSON.parse(printed.toString()) as Packed[]
if (!packed) throw new Error('npm pack listed nothing')

const bytes = new Map<string, number>()
for (const { path, size } of packed.files) {
  const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other'
  bytes.set(part, (bytes.get(part) ?? 0) + size)
}
for (const [part, size] of [...bytes].sort(([, a], [, b]) => b - a)) console.log(formatLine(part, size))
console.log(formatLine(`unpacked, ${packed.files.length} files`, packed.unpackedSize))
console.log(formatLine('tarball', packed.size))

function formatLine(what: string, size: number): string {
  return `${size.toLocaleString('en').padStart(10)}  ${what}`
}
