import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { layOut } from '../build/lay-out.ts'
import { run } from './install.ts'

/**
 * The eval suite's own `npm run bench`, as a learner would run it: 20 cases on a loopback model with 500 ms latency, one after the other, concurrently, from the
 * cache and replayed. Run from the root: npm run build && node .build/bench/eval-suite.js
 */
const home = mkdtempSync(join(tmpdir(), 'ai-eng-bench-'))
try {
  const laid = layOut(resolve('templates'), home, { link: false }).find(({ label }) => label === 'eval-suite')
  if (laid === undefined) throw new Error('there is no eval-suite')
  symlinkSync(resolve('node_modules'), join(home, 'node_modules'))
  run('npx', ['tsc', '-p', 'tsconfig.build.json'], laid.directory)
  // Its exit code is 1 when the runner is in the way: the table says by how much.
  const { status } = spawnSync(process.execPath, ['dist/src/main.js', 'bench'], {
    cwd: laid.directory,
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
} finally {
  rmSync(home, { recursive: true })
}
