import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './install.ts'

const TEMPLATES = ['summariser', 'extractor', 'notes-chat', 'rag-bot', 'eval-suite', 'mcp-server', 'agent']
const GATES = ['own-documents', 'own-cases', 'real-model', 'measured', 'own-test', 'ci-green']
const RECORDS = 2

/** A roadmap folder as somebody has it after three months: eight projects with a commit, a dozen records of evidence in each. Returns its path. */
export function roadmapFolder(home: string, bin: string): string {
  const folder = join(home, 'road')
  mkdirSync(folder)
  const projects = [...TEMPLATES.map((template) => [template, template]), ['summariser', 'summariser-again']]
  for (const [template = '', name = ''] of projects) {
    run(process.execPath, [bin, 'new', template, name, '--yes', '--no-install'], folder)
    for (const gate of GATES) writeRecords(join(folder, name, '.ai-eng/evidence', gate), gate)
  }
  return folder
}

function writeRecords(directory: string, gate: string): void {
  mkdirSync(directory, { recursive: true })
  for (let day = 1; day <= RECORDS; day++) {
    const at = `2026-10-0${day}T19:00:00.000Z`
    const commit = 'a'.repeat(40)
    const measured = {
      found: '18/20 cases pass',
      inputs: '0123456789abcdef',
      data: { passed: 18, total: 20 },
    }
    const env = { cli: '0.1.0', node: 'v20.20.2', ci: false }
    const record = {
      schemaVersion: 1,
      gate,
      gateHash: '0123456789ab',
      result: 'passed',
      at,
      commit,
      dirty: false,
      env,
    }
    writeFileSync(join(directory, `2026-10-0${day}-aaaaaaa.json`), JSON.stringify({ ...record, ...measured }))
  }
}
