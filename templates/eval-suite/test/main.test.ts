import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CannotRunError } from '#kit/evals/errors'
import { makeRepo, startScriptedModel } from '../../../test/repo.ts'

const REASON = ['--reason', 'the first run of this model']
const TWO = ['--target', 'handbook', '--target', 'handbook-short']

describe('the bundled task', () => {
  it.each([
    ['src/graders/exact.ts', 'graders'],
    ['src/judge/kappa.ts', 'graders'],
    ['src/decide.ts', 'harness'],
    ['kit/answers/answers.ts', 'harness'],
  ])('mentions that %s was edited since the baseline, as its %s', async (path, part) => {
    const repo = await makeRepo()
    await repo.evals(['bless', '--reason', 'the sources as they stand here'])
    expect((await repo.evals([])).stdout).not.toContain('changed since')
    await repo.write(path, `${await repo.read(path)}// edited\n`)
    const { exitCode, stdout } = await repo.evals([])
    expect({ exitCode, notes: stdout.match(/\w+ changed since the baseline/g) }).toEqual({
      exitCode: 0,
      notes: [`${part} changed since the baseline`],
    })
  })

  it('shows other cases in a separate report, without a baseline', async () => {
    const repo = await makeRepo()
    const { exitCode, stdout } = await repo.evals(['--cases', 'evals/held-out.jsonl'])
    expect({ exitCode, shown: stdout.includes('defibrillator') }).toEqual({ exitCode: 0, shown: true })
    expect(stdout).toContain('NOT GATED')
    expect(existsSync(join(repo.root, 'reports/eval-handbook-of-held-out.html'))).toBe(true)
    expect(existsSync(join(repo.root, 'reports/eval-handbook.json'))).toBe(false)
  })

  it('is blessed with a reason only, and the reason stands in the committed history', async () => {
    const repo = await makeRepo()
    const before = await repo.read('evals/baseline.heuristic.json')
    await repo.edit('evals/targets.json', '"maxWords": 45', '"maxWords": 12')
    for (const argv of [['bless'], ['bless', '--reason', ' '], ['bless', '--reason', '123']]) {
      const { exitCode, stderr } = await repo.evals(argv)
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('needs a reason') })
    }
    expect(await repo.read('evals/baseline.heuristic.json')).toBe(before)
    expect((await repo.evals(['bless', '--reason', 'shorter answers'])).exitCode).toBe(0)
    const [entry] = (await repo.read('reports/history.jsonl')).trim().split('\n')
    expect(JSON.parse(entry ?? '')).toMatchObject({
      ...{ suite: 'handbook', passed: 12, total: 20, reason: 'shorter answers' },
      lost: expect.arrayContaining(['old-tag']),
    })
  })
})

describe('a model behind a prompt', () => {
  it('with a worse prompt is named a regression against its own baseline', async () => {
    const repo = await makeRepo()
    const { env } = await startScriptedModel()
    expect((await repo.evals(['bless', ...REASON], env)).exitCode).toBe(0)
    expect((await repo.evals([], env)).exitCode).toBe(0)
    await repo.write('prompts/answer.md', await repo.read('prompts/curt.md'))
    const { exitCode, stdout } = await repo.evals([], env)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/critical case (?:bench-price|old-tag) fails/)
  })

  it("is not judged by another provider's baseline", async () => {
    const repo = await makeRepo()
    const { env } = await startScriptedModel()
    const { exitCode, stdout } = await repo.evals([], env)
    expect({ exitCode, stdout }).toEqual({
      exitCode: 4,
      stdout: expect.stringContaining('no baseline of openai-compatible yet'),
    })
  })

  it('answers the same question under the same prompt from the cache, and a changed one again', async () => {
    const repo = await makeRepo()
    const { env, counts } = await startScriptedModel()
    await repo.evals(['bless', ...REASON], env)
    expect(counts.requests).toBe(20)
    const { stdout } = await repo.evals([], env)
    expect({ requests: counts.requests, said: stdout.includes('20 answers from the cache') }).toEqual({
      requests: 20,
      said: true,
    })
    await repo.edit('evals/material/safety.md', 'the chestnut tree', 'the old chestnut tree')
    await repo.evals([], env)
    expect(counts.requests).toBe(24) // four cases are about that file
    await repo.evals(['--fresh'], env)
    expect(counts.requests).toBe(44)
  })

  it('has no answer in the cache that another server gave under the same name', async () => {
    const repo = await makeRepo()
    const [one, other] = [await startScriptedModel(), await startScriptedModel()]
    await repo.evals([], one.env)
    await repo.evals([], other.env)
    expect([one.counts.requests, other.counts.requests]).toEqual([20, 20])
  })

  it('is asked again for every repeat, and passes a case when every answer does', async () => {
    const repo = await makeRepo()
    const { env, counts } = await startScriptedModel()
    const { stdout } = await repo.evals(['--repeats', '3', '--filter', 'number'], env)
    expect(counts.requests).toBe(3 * 11)
    expect(stdout).toMatch(
      /3 answers a case: pass@1 1\.000, pass@3 1\.000, pass\^3 1\.000; 0 cases passed sometimes/,
    )
  })
})

describe('a run that was cut off', () => {
  it('has kept its answers: the next one goes on with them, or says that it starts again', async () => {
    const repo = await makeRepo()
    const stop = new AbortController()
    const model = await startScriptedModel(({ requests }) => {
      if (requests === 12) stop.abort(new CannotRunError('interrupted', 'No report was written', 130))
    })
    // Of a server, whose answers are never cached.
    const target = { type: 'http', url: `${model.env.OPENAI_BASE_URL}/chat/completions`, format: 'json' }
    const body = { messages: [{ role: 'user', content: '{{input}}' }] }
    await repo.addTargets({ server: { ...target, body, answer: 'choices.0.message.content' } })
    const argv = ['--target', 'server', '--concurrency', '1']
    expect((await repo.evals(argv, {}, stop.signal)).exitCode).toBe(130)
    expect(await repo.evals(argv)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^a run was cut off after 11 answers: --resume goes on with it, --fresh/),
    })
    const before = model.counts.requests
    const { exitCode, stdout } = await repo.evals([...argv, '--resume'])
    expect({ exitCode, asked: model.counts.requests - before }).toEqual({ exitCode: 4, asked: 9 }) // 4: no baseline yet
    expect(stdout).toContain('11 answers from the run that was cut off')
    expect(stdout).toContain('npm run eval:bless -- --target server --reason "why"')
    expect((await repo.evals([...argv, '--resume'])).exitCode).toBe(2)
  })

  it("is no other model's: that one asks for all of its answers, and what was kept waits for its own", async () => {
    const repo = await makeRepo()
    const stop = new AbortController()
    const { env, counts } = await startScriptedModel(({ requests }) => {
      if (requests === 12) stop.abort(new CannotRunError('interrupted', 'No report was written', 130))
    })
    const argv = ['--concurrency', '1']
    expect((await repo.evals(argv, env, stop.signal)).exitCode).toBe(130)
    const other = { ...env, AI_MODEL: 'another' }
    expect(await repo.evals([...argv, '--resume'], other)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no run to resume of openai-compatible / another'),
    })
    const { stdout } = await repo.evals(argv, other)
    expect({ asked: counts.requests - 12, isResumed: stdout.includes('cut off') }).toEqual({
      asked: 20,
      isResumed: false,
    })
    expect((await repo.evals([...argv, '--resume'], env)).stdout).toContain('11 answers from the run that')
  })

  it.each([
    [['--filter', 'number'], 0],
    [['--self-test'], 0],
    [['--compare', '--target', 'handbook', '--target', 'handbook-curt'], 1],
  ])('is not what %j leaves behind', async (argv, expected) => {
    const repo = await makeRepo()
    const { env } = await startScriptedModel()
    expect((await repo.evals(argv, env)).exitCode).toBe(expected)
    const { stderr } = await repo.evals([], env)
    expect(stderr).not.toContain('a run was cut off')
  })
})

const SERVER = `
require('node:http')
  .createServer((_request, response) => response.end('{"answer": "It depends."}'))
  .listen(Number(process.env.PORT), '127.0.0.1')
`

describe('two repos of one name', () => {
  it('are told apart in a comparison by where they are', async () => {
    const repo = await makeRepo()
    for (const folder of ['old', 'new']) {
      await mkdir(join(repo.root, folder, 'bot/.ai-eng'), { recursive: true })
      const start = [process.execPath, '-e', SERVER]
      const target = { start, url: 'http://127.0.0.1:1', path: '/ask', format: 'json' }
      await repo.write(`${folder}/bot/.ai-eng/project.json`, JSON.stringify({ template: 'bot', target }))
    }
    const argv = ['--compare', '--target', 'old/bot', '--target', 'new/bot', '--filter', 'number']
    const { stdout } = await repo.evals(argv)
    expect(stdout).toContain('# old/bot and new/bot on')
    expect(stdout).toContain('## new/bot against old/bot: PASS')
  })
})

describe('a server that says itself who answers', () => {
  async function ask(respond: RequestListener, changes = {}) {
    const server = createServer(respond).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const repo = await makeRepo()
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const target = { type: 'http', url: `http://127.0.0.1:${port}/ask`, format: 'ask-sse.v1', ...changes }
    await repo.addTargets({ server: target })
    return repo.evals(['--target', 'server'])
  }

  it('and never does is waited for as long as for an answer, then the run says where to look', async () => {
    const { exitCode, stderr } = await ask(() => {}, { timeoutSeconds: 0.2 })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 4,
      stderr: expect.stringMatching(
        /^the target does not say who answers: no answer after 0\.2 s\n.*timeoutSeconds are in evals\/targets\.json\n$/,
      ),
    })
  })

  it('is asked again while it is busy, and its last words are shown', async () => {
    let requests = 0
    const { exitCode, stderr } = await ask(
      (_request, response) => {
        requests++
        response.writeHead(500, { 'retry-after': '0.05' }).end('no index yet')
      },
      { retries: 2 },
    )
    expect({ exitCode, requests }).toEqual({ exitCode: 4, requests: 3 })
    expect(stderr).toContain('status 500: no index yet')
    expect(stderr).not.toContain('DEBUG')
  })
})

describe('a recording', () => {
  async function recorded() {
    const repo = await makeRepo()
    const model = await startScriptedModel()
    expect((await repo.evals(['bless', '--record', ...REASON], model.env)).exitCode).toBe(0)
    await model.close()
    return { ...repo, path: 'evals/recordings/handbook.openai-compatible.jsonl', counts: model.counts }
  }

  it('shows what a stricter grader loses, by name', async () => {
    const repo = await recorded()
    await repo.edit('evals/cases.jsonl', '"max":60', '"max":3')
    await repo.evals(['bless', '--reason', 'the heuristic is not what is looked at'])
    const { exitCode, stdout } = await repo.evals(['--replay'])
    expect(exitCode).toBe(4)
    expect(stdout).toContain('proof-of-address was changed since the baseline')
  })

  it('that was cut, at any line, is an error and not a pass', async () => {
    const repo = await recorded()
    const whole = (await repo.read(repo.path)).split('\n')
    for (const lines of [0, 1, 10, 20]) {
      await repo.write(repo.path, whole.slice(0, lines).join('\n'))
      const { exitCode, stderr } = await repo.evals(['--replay'])
      expect({ lines, exitCode, stderr }).toEqual({
        ...{ lines, exitCode: 4 },
        stderr: expect.stringContaining('is no complete recording'),
      })
    }
  })

  it('that its target names and that is not there is an error: its gate would be gone unseen', async () => {
    const repo = await recorded()
    await repo.edit(
      'evals/targets.json',
      '"maxWords": 45',
      '"maxWords": 45, "recordings": ["openai-compatible"]',
    )
    expect((await repo.evals([])).exitCode).toBe(0)
    await rm(join(repo.root, repo.path))
    expect(await repo.evals([])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('handbook.openai-compatible.jsonl is missing'),
    })
  })

  it('that was edited is an error', async () => {
    const repo = await recorded()
    await repo.edit(repo.path, 'The text does not say.', 'Behind the station.')
    expect((await repo.evals(['--replay'])).exitCode).toBe(4)
  })

  it('has no answer to a changed prompt, and the run says so instead of asking', async () => {
    const repo = await recorded()
    await repo.edit('prompts/answer.md', 'without an introduction', 'briefly')
    const { exitCode, stdout } = await repo.evals(['--replay'])
    expect(exitCode).toBe(4)
    expect(stdout).toContain('no answer to this in evals/recordings/')
    expect(repo.counts.requests).toBe(20)
  })

  it('is not written by a run with errors', async () => {
    const repo = await makeRepo()
    const { env, close } = await startScriptedModel()
    await close()
    const { exitCode } = await repo.evals(['--record'], env)
    expect(exitCode).toBe(4)
    expect(existsSync(join(repo.root, 'evals/recordings'))).toBe(false)
  }, 30_000)
})

describe('usage', () => {
  it.each([
    [['--record', '--replay'], 'leave one out'],
    [['--replay', '--resume'], 'nothing to resume'],
    [['--resume'], 'no run to resume'],
    [['--repeats', '1'], '2 to 20'],
    [['--rate', '0'], '--rate must be'],
    [['--target', 'nobody'], 'there is no target "nobody"'],
    [['--record', '--target', '../nowhere'], '.ai-eng/project.json does not say'],
    [['--target', '../nowhere'], '.ai-eng/project.json does not say'],
    [['--compare', '--target', 'handbook'], 'needs two targets'],
    [['--held-out', '--cases', 'evals/rag-bot-sample.jsonl'], 'leave one out'],
    [['--resume', '--fresh'], 'leave one out'],
    [['--resume', '--filter', 'number'], 'leave out --filter'],
    [['--record', '--filter', 'number'], 'leave out --filter'],
    [['--replay', '--held-out'], 'leave out --held-out'],
    [['--replay', '--repeats', '2'], 'leave out --fresh, --rate and --repeats'],
    [['--compare', ...TWO, '--replay'], 'leave out --record and --replay'],
    [['--compare', ...TWO, '--record'], 'leave out --record and --replay'],
    [['bless', '--cases', 'evals/held-out.jsonl', ...REASON], 'leave out --cases'],
  ])('ends with 2 and two lines for %j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await (await makeRepo()).evals(argv)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  })

  it.each([
    ['{"default": "handbook"', 'evals/targets.json'],
    ['{"default": "other", "targets": {}}', 'names no target'],
    ['{"default": "a", "targets": {"a": {"type": "http"}}}', 'url'],
  ])('ends with 4 for targets such as %s', async (text, message) => {
    const repo = await makeRepo()
    await repo.write('evals/targets.json', text)
    const { exitCode, stderr } = await repo.evals([])
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: expect.stringContaining(message) })
  })

  it('names the file to correct for a function whose module is not there', async () => {
    const repo = await makeRepo()
    await repo.addTargets({ gone: { type: 'function', module: 'evals/functions/gone.ts' } })
    expect(await repo.evals(['--target', 'gone'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/evals\/functions\/gone\.ts.*\nCorrect .*evals\/targets\.json/),
    })
  })

  it('ends with 4 for no case at all', async () => {
    const repo = await makeRepo()
    await repo.write('evals/cases.jsonl', '')
    expect((await repo.evals([])).exitCode).toBe(4)
  })
})
