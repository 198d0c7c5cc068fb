import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { layOut } from './lay-out.ts'

/**
 * `npm run templates:bless [-- ID...]`: runs each template's evals with the heuristic provider and commits
 * the result as its baseline. Read the diff: losing a case is a decision.
 */
const wanted = process.argv.slice(2)
const out = resolve('.build/bless')

rmSync(out, { recursive: true, force: true })
for (const { label, template, directory } of layOut(resolve('templates'), out, { link: false })) {
  const { id } = template.manifest
  if (label !== id || (wanted.length > 0 && !wanted.includes(id))) continue
  const env = { ...process.env, AI_PROVIDER: 'heuristic' }
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: directory, stdio: 'inherit' })
  const bless = ['dist/kit/evals/main.js', 'bless', '--reason', 'as generated']
  const heldOut = existsSync(join(directory, 'evals/held-out.jsonl')) ? [[...bless, '--held-out']] : []
  for (const args of [bless, ...heldOut])
    execFileSync('node', args, { cwd: directory, env, stdio: 'inherit' })
  const baselines = readdirSync(join(directory, 'evals')).filter((name) =>
    name.endsWith('baseline.heuristic.json'),
  )
  for (const name of baselines)
    copyFileSync(join(directory, 'evals', name), join('templates', id, 'files/evals', name))
}
