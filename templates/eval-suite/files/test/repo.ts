import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { runEvals } from '#kit/evals/cli'
import { answerFromText } from '#kit/offline/answer'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { createSurroundings } from '#kit/testing/tiny-suite'
import { suite } from '../src/suite.ts'
import { BAKERY } from './bakery.ts'

const template = fileURLToPath(new URL('../', import.meta.url))

/** What the report has a hash of. */
const SOURCES = ['kit/evals', 'kit/answers', 'src']

/** A copy of what is data in this repo, in a directory that is gone after the test. */
export async function makeRepo() {
  return openRepo(await copyFolders(['evals', 'prompts', ...SOURCES]))
}

/** The same with a small eval set instead of this repo's own, so that its cases, texts and prompts can be replaced. */
export async function makeBakery() {
  const root = await copyFolders(SOURCES)
  for (const [path, text] of Object.entries(BAKERY)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return openRepo(root)
}

async function copyFolders(folders: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'eval-suite-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const folder of folders)
    await cp(join(template, folder), join(root, folder), { recursive: true, dereference: true })
  await writeFile(join(root, 'package.json'), '{}')
  return root
}

function openRepo(root: string) {
  return {
    root,
    read: (path: string) => readFile(join(root, path), 'utf8'),
    write: (path: string, text: string) => writeFile(join(root, path), text),
    async edit(path: string, from: string | RegExp, to: string) {
      const text = await readFile(join(root, path), 'utf8')
      const edited = text.replace(from, to)
      if (edited === text) throw new Error(`${path} has no ${from}`)
      await writeFile(join(root, path), edited)
    },
    /** Adds targets to `evals/targets.json`. */
    async addTargets(targets: Record<string, unknown>) {
      const path = join(root, 'evals/targets.json')
      const file = JSON.parse(await readFile(path, 'utf8'))
      await writeFile(path, JSON.stringify({ ...file, targets: { ...file.targets, ...targets } }))
    },
    async evals(args: readonly string[], env: Record<string, string> = {}, signal?: AbortSignal) {
      const world = createSurroundings(root, { env, clock: () => new Date(), ...(signal && { signal }) })
      const exitCode = await runEvals(args, async () => suite, world)
      return { exitCode, ...world.printed }
    },
  }
}

export type Repo = ReturnType<typeof openRepo>

/**
 * Reads the text between the tags of `prompts/answer.md` as well as the heuristic does; without them it
 * understands nothing.
 */
export async function startScriptedModel(onRequest: (counts: { requests: number }) => void = () => {}) {
  const server = await startScriptedServer({
    answer: (prompt) => {
      onRequest(server.counts)
      const [, text, question] = /<text>\n([\s\S]*)\n<\/text>\n\nQuestion: ([\s\S]*)$/.exec(prompt) ?? []
      if (text === undefined || question === undefined) return ['It depends.']
      return [answerFromText({ question, text, maxWords: 45 })]
    },
  })
  onTestFinished(server.close)
  return server
}
