import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ReceivedSpan, startCollector } from '#kit/testing/collector'
import { root, setUpProgram, until } from '#kit/testing/program'

const { directory, start, scripted } = setUpProgram()
const docs = join(directory, 'docs')
const ANSWER = 'A failed delivery is retried 5 times over 6 hours.'
const ASK = ['ask', '--docs', docs, 'How often is a failed webhook delivery retried?']
/** Of the question, the answer and the documents. */
const WORDS = /webhook|deliver|retried|6 hours|parental/i

beforeAll(() => {
  mkdirSync(docs)
  writeFileSync(join(docs, 'webhooks.md'), `# Webhooks\n\n${ANSWER}\n`)
  writeFileSync(join(docs, 'leave.md'), '# Leave\n\nParental leave is twenty weeks.\n')
})

describe('a question with a collector', { timeout: 180_000 }, () => {
  it('is one trace: retrieval, then the model, below the question', async () => {
    const collector = await startCollector()
    const { code, stdout } = await start(ASK, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }).done
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${ANSWER} [1]\n\n[1] webhooks.md: Webhooks\n` })
    expect(outline(collector.spans())).toEqual([
      'invoke_workflow ask',
      '  retrieval memory',
      '  chat heuristic',
    ])
    expect(collector.resource()).toMatchObject({ 'service.name': 'rag-bot' })
    expect(collector.bodies.join()).not.toMatch(WORDS)
  })

  it('has the words too where they are asked for', async () => {
    const collector = await startCollector()
    const capture = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' }
    await start(ASK, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...capture }).done
    const sent = collector.bodies.join()
    for (const text of ['How often is a failed webhook', `${ANSWER} [1]`, 'gen_ai.retrieval.documents'])
      expect(sent).toContain(text)
  })

  it('that is stopped with Ctrl-C, or whose model fails, says so', async () => {
    const slow = await scripted({ answer: () => ['A ', 'failed ', 'delivery'], delayMs: 5_000 })
    const stopped = await startCollector()
    const env = { ...slow.env, AI_EMBEDDING_MODEL: 'hashed' }
    const { child, output, done } = start(ASK, { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: stopped.url })
    await until(() => output.stdout.includes('A'))
    child.kill('SIGINT')
    expect((await done).code).toBe(130)
    expect(errorTypes(stopped.spans())).toEqual({
      'chat scripted': 'aborted',
      'invoke_workflow ask': 'aborted',
    })

    const failed = await startCollector()
    const unreachable = { ...env, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
    const { code } = await start(ASK, { ...unreachable, OTEL_EXPORTER_OTLP_ENDPOINT: failed.url }).done
    expect(code).toBe(1)
    expect(errorTypes(failed.spans())).toEqual({
      'chat scripted': 'network',
      'invoke_workflow ask': 'network',
    })
  })

  it('that is down gives the same answer and exit code, one line later', async () => {
    const plain = await start(ASK).done
    const { code, stdout, stderr } = await start(ASK, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
      .done
    expect({ code, stdout }).toEqual({ code: plain.code, stdout: plain.stdout })
    expect(stderr.match(/traces were lost/g)).toHaveLength(1)
  })
})

describe('without a collector', { timeout: 180_000 }, () => {
  it.each([
    ['nothing that records or sends is loaded', {}, false],
    ['(with one, it is)', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])('%s', (_, env, isLoaded) => {
    const built = (path: string) => JSON.stringify(pathToFileURL(join(root, 'dist', path)))
    const script = `
      import { createRequire } from 'node:module'
      import { runCommand } from ${built('kit/terminal/run.js')}
      import { createBot, tasks } from ${built('src/bot.js')}
      import { hashToVector } from ${built('src/hashed-vector.js')}
      import { ingest } from ${built('src/ingest.js')}
      const io = { ...process, directory: process.cwd(), signal: new AbortController().signal }
      await runCommand({ ingest, createBot, tasks, hashedVector: hashToVector }, ${JSON.stringify(ASK)}, io)
      const loaded = Object.keys(createRequire(import.meta.url).cache)
      console.log(loaded.some((path) => /@opentelemetry.context-async-hooks/.test(path)))`
    const asked = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    })
    expect([asked.stdout.trim().split('\n').at(-1), asked.status]).toEqual([String(isLoaded), 0])
  })
})

/** Names, indented by depth, in the order of their beginning below each parent. */
function outline(spans: readonly ReceivedSpan[], parent?: string, indent = ''): string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .flatMap(({ name, spanId }) => [`${indent}${name}`, ...outline(spans, spanId, `${indent}  `)])
}

function errorTypes(spans: readonly ReceivedSpan[]): Record<string, unknown> {
  const failed = spans.filter(({ status }) => status === 2)
  return Object.fromEntries(failed.map(({ name, attributes }) => [name, attributes['error.type']]))
}
