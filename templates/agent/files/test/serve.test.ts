import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLlm } from '#kit/llm/model'
import { heuristicTasks } from '#kit/offline/next-step'
import { makeRunId } from '#kit/runs/log'
import { createServedAgent } from '../src/serve.ts'
import { DEFAULT_LIMITS } from '../src/settings.ts'
import { createTools } from '../src/tools/all.ts'
import { Incident } from '../src/tools/incident.ts'
import { createToolbox } from '../src/tools/toolbox.ts'
import { listTickets, makeFolder } from './agent.ts'

const GOAL =
  'File a ticket with title "Cache is gone", service "api", severity sev3 and summary "Two errors since ten."'

it('a served run waits for a decision, also across a restart, and continues once there is one', async () => {
  const [root, data] = [makeFolder(), makeFolder({})]
  const agent = createServedAgent({
    ...{ root, limits: DEFAULT_LIMITS, approve: [], allow: undefined, secrets: [] },
    directory: join(data, 'runs'),
    llm: await openLlm({ env: { AI_PROVIDER: 'heuristic' }, tasks: heuristicTasks }),
    toolbox: createToolbox(createTools({ incident: await Incident.open(root), data })),
  })
  const hooks = { signal: new AbortController().signal, onEvent: () => {} }
  const id = makeRunId(new Date())
  const first = await agent.open(id, hooks)
  await first.start(GOAL)
  await first.work()
  await first.close()
  const { run, undecided } = await agent.read(id)
  expect({ stopped: run.stopped, tickets: listTickets(data) }).toEqual({ stopped: undefined, tickets: [] })
  expect(undecided).toMatchObject([{ tool: 'file_ticket', input: { severity: 'sev3' } }])

  const second = await agent.open(id, hooks)
  for (const { id: call, approval } of undecided) await second.decide(call, approval, 'approved')
  await second.work()
  await second.close()
  expect((await agent.read(id)).run.stopped?.reason).toBe('done')
  expect(listTickets(data)).toHaveLength(1)
})
