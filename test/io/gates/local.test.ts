import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../temporary.ts'
import { gate, look, project, SAMPLE, write } from './gate-world.ts'

const OWN =
  'Our bakery changed its flour in March. The loaves rose less, so we let the dough rest forty minutes longer and wrote both times on the wall.'

describe('files', () => {
  const files = gate({ kind: 'files', paths: ['docs/**/*.md'], min: 1, own: true, minWords: 20 })

  it('passes with a document that nobody shipped', async () => {
    expect(await look(project({ 'docs/bread.md': OWN }), files)).toMatchObject({
      result: 'passed',
      data: { files: ['docs/bread.md'] },
    })
  })

  it.each([
    ['nothing-there', {}],
    ['wrong-case', { 'docs/BREAD.MD': OWN }],
    ['still-the-sample', { 'docs/mine.md': SAMPLE.replace('ferry', 'boat') }],
    ['too-short', { 'docs/mine.md': 'Bread rose less in March' }],
  ])('fails with %s', async (code, content) => {
    expect(await look(project(content), files)).toMatchObject({ result: 'failing', code })
  })

  it('counts documents that were ingested from elsewhere, but not shipped ones or a list of nothing', async () => {
    const listed = gate({
      kind: 'files',
      paths: ['docs/*.md'],
      listedIn: '.data/ingested.json',
      min: 1,
      own: true,
    })
    const elsewhere = temporaryDirectory()
    write(elsewhere, { 'bread.md': OWN, 'ferry.md': SAMPLE })
    const listing = (...names: string[]) => {
      const documents = Object.fromEntries(names.map((name) => [name, join(elsewhere, name)]))
      return project({ '.data/ingested.json': { schema: 'ingested.v1', documents } })
    }
    expect(await look(listing('bread.md'), listed)).toMatchObject({ data: { files: ['bread.md'] } })
    expect(await look(listing('ferry.md'), listed)).toMatchObject({ code: 'still-the-sample' })
    expect(await look(listing('gone.md'), listed)).toMatchObject({ code: 'nothing-there' })
    const cut = project({ '.data/ingested.json': '{"schema":"inge' })
    expect(await look(cut, listed)).toMatchObject({ code: 'nothing-there' })
  })

  it('leaves out what a glob with an exclamation mark names', async () => {
    const anywhere = gate({
      kind: 'files',
      paths: ['**/*.md', '!*.md', '!{src,test}/**/*.md'],
      min: 1,
      own: true,
    })
    expect(await look(project({ 'README.md': OWN, 'test/a/b.md': OWN }), anywhere)).toMatchObject({
      code: 'nothing-there',
    })
    expect(await look(project({ 'handbook/a.md': OWN }), anywhere)).toMatchObject({ result: 'passed' })
  })

  it('fails with too-few, counting copies once, and with no-match', async () => {
    const two = gate({ kind: 'files', paths: ['*.md'], min: 2, own: true })
    expect(await look(project({ 'a.md': OWN, 'b.md': `${OWN}\n` }), two)).toMatchObject({ code: 'too-few' })
    const schema = gate({ kind: 'files', paths: ['*.ts'], min: 1, contains: ['z\\.object\\('] })
    expect(await look(project({ 'a.ts': 'export {}' }), schema)).toMatchObject({ code: 'no-match' })
    expect(await look(project({ 'a.ts': 'z.object({})' }), schema)).toMatchObject({ result: 'passed' })
  })
})

describe('files of a format', () => {
  const recorded = gate({ kind: 'files', paths: ['*.jsonl'], min: 1, format: 'eval-recording.v1' })
  const scripted = { name: 'openai-compatible', model: 'scripted', deterministic: false }
  const body = ['a', 'b']
    .map((key) => `${JSON.stringify({ key, answered: { output: 'yes', latencyMs: 1 } })}\n`)
    .join('')
  const recording = (changes: object = {}, text = body) => {
    const sha256 = createHash('sha256').update(body).digest('hex')
    const about = {
      target: 'handbook',
      provider: scripted,
      recordedAt: '2026-11-25T08:00:00.000Z',
      repeats: 1,
    }
    const header = { schema: 'eval-recording.v1', ...about, answers: 2, sha256, ...changes }
    return `${JSON.stringify(header)}\n${text}`
  }

  it('pass when they are whole recordings of a model, whatever the ends of their lines', async () => {
    for (const text of [recording(), recording().replaceAll('\n', '\r\n')])
      expect(await look(project({ 'x.jsonl': text }), recorded)).toMatchObject({ result: 'passed' })
  })

  it.each([
    ['empty', '\n'],
    ['without a header', body],
    ['cut', recording({}, body.slice(0, -20))],
    ['edited', recording({}, body.replace('yes', 'no'))],
    ['of fewer answers than it says', recording({ answers: 3 })],
    ['of the heuristic', recording({ provider: { ...scripted, name: 'heuristic', deterministic: true } })],
  ])('fail with bad-format when one is %s', async (_, text) => {
    expect(await look(project({ 'x.jsonl': text }), recorded)).toMatchObject({ code: 'bad-format' })
  })
})

describe('a test of one’s own', () => {
  const shared = new URL('../../../templates/_steps/shared/own-test.json', import.meta.url)
  const ownTest = gate(JSON.parse(readFileSync(shared, 'utf8')))
  const holding = (text: string) => {
    const root = project({ 'test/mine.test.ts': text, 'package.json': '{"type":"module"}' })
    symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'app/node_modules'))
    return look(root, ownTest)
  }
  const head = "import { expect, it } from 'vitest'\n"

  it('counts when it asserts something', async () => {
    expect(await holding(`${head}it('adds', () => expect(1 + 1).toBe(2))`)).toMatchObject({
      result: 'passed',
    })
  })

  it.each([
    ['no-assertion', "it('is empty', () => {})"],
    ['no-assertion', "it('adds', () => expect(1 + 1).toBe(2))\nit('is empty', () => {})"],
    ['failed', "it('adds', () => expect(1 + 1).toBe(3))\nit('is empty', () => {})"],
  ])('fails with %s: %s', async (code, text) => {
    expect(await holding(head + text)).toMatchObject({ result: 'failing', code })
  })
})

describe('command', () => {
  const command = (script: string, more = {}) =>
    gate({ kind: 'command', argv: ['node', '-e', script, '{report}'], minTests: 1, ...more })
  const reporting = (report: object, code = 0) =>
    `require('fs').writeFileSync(process.argv[1], '${JSON.stringify(report)}'); process.exitCode = ${code}`
  const installed = () => {
    const root = project()
    mkdirSync(join(root, 'app/node_modules'))
    return root
  }

  it('passes when enough tests ran', async () => {
    expect(await look(installed(), command(reporting({ numPassedTests: 2 })))).toMatchObject({
      result: 'passed',
      data: { tests: 2 },
    })
  })

  it.each([
    ['too-few-tests', reporting({ numPassedTests: 0 })],
    ['skipped-tests', reporting({ numPassedTests: 1, numPendingTests: 1 })],
    ['failed', reporting({ numPassedTests: 1, numFailedTests: 1 }, 1)],
    ['failed', 'process.exitCode = 3'],
    ['no-report', '0'],
    ['no-report', `require('fs').writeFileSync(process.argv[1], '{"numPa')`],
  ])('fails with %s: %s', async (code, script) => {
    expect(await look(installed(), command(script))).toMatchObject({ result: 'failing', code })
  })

  it('ends a program that hangs, with what it started', async () => {
    const hanging = `require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`
    const start = Date.now()
    expect(await look(installed(), command(hanging, { timeoutSeconds: 1 }))).toMatchObject({
      code: 'timeout',
    })
    expect(Date.now() - start).toBeLessThan(10_000)
  })

  it('fails before anything runs when nothing is installed, or no test is the learner’s', async () => {
    expect(await look(project(), command('0'))).toMatchObject({ code: 'not-installed' })
    const own = command('0', { own: ['test/*.test.ts'] })
    expect(await look(installed(), own)).toMatchObject({ code: 'nothing-own' })
  })
})

describe('prose', () => {
  const prose = gate({ kind: 'prose', variable: 'postPath', minWords: 30, tradeOff: ['instead of'] })
  const words = 'We measured it twice and wrote down what came of it for those who ask later. '.repeat(3)
  const GOOD = `# Rest, not yeast\n\n${words} We chose longer rest instead of more yeast: 14 of 20 loaves before, 18 after. https://example.org/bread`
  const evidence = {
    schemaVersion: 1,
    gate: 'measured',
    gateHash: 'x',
    result: 'passed',
    at: '2026-11-25T08:00:00.000Z',
    commit: null,
    dirty: null,
    inputs: '',
    found: '14/20 -> 18/20',
    env: { cli: '0', node: '0', ci: false },
    data: { before: 14, after: 18, paired: 20 },
  }
  const posted = (text: string, path = 'post.md') => {
    const root = project({ '.ai-eng/evidence/measured/one.json': evidence })
    write(root, { 'ai-eng.json': { schemaVersion: 1, vars: { postPath: path } }, 'post.md': text })
    return root
  }

  it('passes with a trade-off and a number that the evidence holds', async () => {
    expect(await look(posted(GOOD), prose)).toMatchObject({
      result: 'passed',
      data: { title: 'Rest, not yeast' },
    })
  })

  it.each([
    ['no-number', GOOD.replace('14 of 20', '13 of 21').replace('18 after', '17 after')],
    ['no-trade-off', GOOD.replace('instead of', 'and')],
    ['no-link', GOOD.replace(/https.*/, '')],
    ['too-short', 'We chose rest instead of yeast, 18 of 20.'],
    ['placeholder', `${GOOD}\n[your conclusion]`],
  ])('fails with %s', async (code, text) => {
    expect(await look(posted(text), prose)).toMatchObject({ result: 'failing', code })
  })

  it('fails for a file that is not there, is named in another case, or is outside', async () => {
    expect(await look(project(), prose)).toMatchObject({ code: 'no-path' })
    expect(await look(posted(GOOD, 'gone.md'), prose)).toMatchObject({ code: 'not-found' })
    expect(await look(posted(GOOD, 'POST.md'), prose)).toMatchObject({ code: 'wrong-case' })
    expect(await look(posted(GOOD, '../post.md'), prose)).toMatchObject({ code: 'not-found' })
  })
})

describe('attest', () => {
  const attest = gate({ kind: 'attest', question: 'What differed?', minLength: 20 })

  it('takes an answer, as the learner’s own words', async () => {
    const answer = 'The order of the sentences, never the numbers'
    expect(await look(project(), attest, { answer })).toMatchObject({ result: 'attested', data: { answer } })
  })

  it.each([
    ['no-answer', undefined],
    ['no-answer', '  '],
    ['too-short', 'a lot'],
  ])('fails with %s', async (code, answer) => {
    expect(await look(project(), attest, { answer })).toMatchObject({ result: 'failing', code })
  })
})
