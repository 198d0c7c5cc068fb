import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { gitState, isSameTree } from '../git-state.ts'
import { fetchPublic } from './fetch-public.ts'
import type { GateWorld } from './world.ts'

const TRIES = 3

/** The address answers 200 with a commit that holds the same files as HEAD, `.ai-eng/` aside. */
export async function checkHttp(gate: GateOf<'http'>, world: GateWorld): Promise<Finding> {
  const base = world.folder.settings.vars[gate.variable]
  const wanted = `200 from ${gate.path}, with the commit that you are on`
  if (!base) return failing('no-url', { found: `${gate.variable} is not set`, wanted })
  const url = URL.canParse(base) ? new URL(gate.path, base).href : base
  const answer = await fetchPublic(url, { ...world, tries: TRIES })
  switch (answer.kind) {
    case 'bad-url':
      return failing('bad-url', { found: base, wanted, where: url })
    case 'local':
      return failing('local-address', {
        found: answer.address,
        wanted: 'an address that others can reach',
        where: url,
      })
    case 'no-answer':
      return failing('no-answer', { found: answer.reason, wanted, where: url })
    case 'answered':
      break
    default:
      answer satisfies never
  }
  if (answer.status !== 200)
    return failing('bad-status', { found: `it answers ${answer.status}`, wanted, where: url })
  const commit = commitIn(answer.text, gate.commitField)
  if (!commit)
    return failing('no-commit', {
      found: `it answers 200, and names no ${gate.commitField}`,
      wanted,
      where: url,
    })
  const head = await gitState(world)
  if (!(await isSameTree(commit, world)))
    return failing('other-commit', {
      found: `it runs ${commit.slice(0, 7)}, here is ${head.commit?.slice(0, 7) ?? 'no commit'}`,
      wanted,
      where: url,
    })
  return passed(
    `${url} answers, commit ${commit.slice(0, 7)}`,
    { url: base, status: 200, ms: answer.ms, commit },
    url,
  )
}

export function commitIn(text: string, field: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Record<string, unknown> | null)?.[field]
    return typeof value === 'string' && /^[0-9a-f]{7,64}$/.test(value) ? value : undefined
  } catch {
    return undefined // a page that is not JSON names no commit
  }
}
