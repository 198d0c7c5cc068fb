import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Gate } from '../src/core/gates/kinds.ts'
import { type Evidence, NO_SETTINGS } from '../src/core/state/files.ts'
import { loadRoadmap } from '../src/io/baked.ts'
import { makeInputsHasher } from '../src/io/gates/inputs.ts'
import { run } from './install.ts'

const RECORDS = 2

/**
 * A roadmap folder as somebody has it after three months: eight projects with a commit, all gates met, and nothing changed since, so that everything a pass
 * rests on has to be read. Returns its path.
 */
export function roadmapFolder(home: string, bin: string): string {
  const folder = join(home, 'road')
  mkdirSync(folder)
  const steps = loadRoadmap(resolve('dist')).steps.filter(({ template }) => template !== undefined)
  const projects = steps.map(({ template = '', gates }) => ({ template, name: template, gates }))
  const again = projects.slice(0, 1).map((project) => ({ ...project, name: `${project.name}-again` }))
  for (const { template, name, gates } of [...projects, ...again]) {
    run(process.execPath, [bin, 'new', template, name, '--yes', '--no-install'], folder)
    const directory = join(folder, name)
    const inputsOf = makeInputsHasher({ directory, root: folder, settings: NO_SETTINGS })
    for (const gate of gates) writeRecords(join(directory, '.ai-eng/evidence', gate.id), gate, inputsOf(gate))
  }
  return folder
}

function writeRecords(directory: string, gate: Gate, inputs: string): void {
  mkdirSync(directory, { recursive: true })
  for (let day = 1; day <= RECORDS; day++) {
    const record: Evidence = {
      schemaVersion: 1,
      gate: gate.id,
      gateHash: gate.hash,
      result: 'passed',
      at: `2026-10-0${day}T19:00:00.000Z`,
      commit: 'a'.repeat(40),
      dirty: false,
      env: { cli: '0.1.0', node: 'v20.20.2', ci: false },
      found: '18/20 cases pass',
      inputs,
      data: { passed: 18, total: 20 },
    }
    writeFileSync(join(directory, `2026-10-0${day}-aaaaaaa.json`), JSON.stringify(record))
  }
}
