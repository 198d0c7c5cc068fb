import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { matchGlobs } from '../src/core/globs.ts'

/** Words that made sentences hard to read, and what to write instead. */
const AVOIDED: readonly (readonly [words: RegExp, instead: string])[] = [
  [/\b(?:no|some|any)body\b/i, 'say who: you, the learner, the server, git, the model'],
  [/\bwhoever\b/i, 'say who, or: if you ...'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\banew\b/i, 'again'],
  [/\bbeside\b/i, 'next to'],
  // "five of your own notes" counts something; "notes of your own" does not.
  [/(?<!\b(?:two|three|five|six|eight|ten|twenty)) of your own\b/i, 'your own X, or: X that you wrote'],
  [/\bas it is(?=[.,;:)]|$)/im, 'unchanged'],
  [/\bwhat is there(?=[.,;:)]|$)/im, 'name it: the existing files'],
  [/\bthat one has(?=[.,;:)]|$)/im, 'name it'],
  [/\(default: false\)/i, 'leave it out'],
]

/** Texts that users and readers of the code meet. Documents, samples and cases are data and may use any word. */
const READ = [
  'src/**/*.ts',
  'build/**/*.ts',
  'README.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  'templates/roadmap.json',
  'templates/_steps/**/*.json',
  'templates/**/{template,layer}.json',
  'templates/**/parts/**',
  'templates/**/files/{src,kit}/**',
  'templates/**/files/evals/*.ts',
]

const files = matchGlobs(
  [...['src', 'build', 'docs', 'templates'].flatMap(listFiles), 'README.md', 'CONTRIBUTING.md'],
  READ,
)

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
}

/** Markdown names fields and commands in backticks; those are not words of a sentence. */
function readProse(path: string): string {
  const text = readFileSync(path, 'utf8')
  return path.endsWith('.md') ? text.replace(/`[^`\n]*`/g, '``') : text
}

function findAvoided(path: string): string[] {
  return readProse(path)
    .split('\n')
    .flatMap((line, index) =>
      AVOIDED.filter(([words]) => words.test(line)).map(
        ([words, instead]) => `${path}:${index + 1}: "${words.exec(line)?.[0].trim()}", write: ${instead}`,
      ),
    )
}

it('finds texts at all', () => {
  expect(files.length).toBeGreaterThan(400)
})

it.each(['src', 'build', 'docs', 'README.md', 'CONTRIBUTING.md', 'templates'])('%s avoids them', (root) => {
  expect(files.filter((path) => path.startsWith(root)).flatMap(findAvoided)).toEqual([])
})
