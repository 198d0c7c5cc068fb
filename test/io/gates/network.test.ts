import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commit, gate, git, look, project, repository, serve, write } from './gate-world.ts'

function vars(root: string, values: Record<string, string>): string {
  write(root, { 'ai-eng.json': { schemaVersion: 1, vars: values } })
  return root
}

/** Answers like GitHub's API, with what it is given by path; 404 for the rest. */
async function github(answers: Record<string, unknown>) {
  const GITHUB_API_URL = await serve((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    response.statusCode = path in answers ? 200 : 404
    response.end(JSON.stringify(answers[path] ?? {}))
  })
  return { env: { GITHUB_API_URL, GITHUB_TOKEN: 'token-of-a-test' } }
}

describe('ci', () => {
  const ci = gate({ kind: 'ci', cost: 'network', workflow: 'ci.yml', job: 'check' })
  const run = (sha: string, more = {}) => ({
    id: 7,
    path: '.github/workflows/ci.yml',
    head_sha: sha,
    status: 'completed',
    conclusion: 'success',
    html_url: 'https://github.com/learner/app/actions/runs/7',
    run_number: 3,
    ...more,
  })
  const actions = (runs: object[], jobs: object[] = [{ name: 'check (20)', conclusion: 'success' }]) =>
    github({
      '/repos/learner/app/actions/runs': { workflow_runs: runs },
      '/repos/learner/app/actions/runs/7/jobs': { jobs },
    })

  it('passes with a green run of this code, and still after evidence is committed', async () => {
    const root = project({ 'a.txt': 'a' })
    const sha = repository(root)
    expect(await look(root, ci, await actions([run(sha)]))).toMatchObject({
      result: 'passed',
      data: { commit: sha },
    })
    write(root, { 'app/.ai-eng/evidence/x/y.json': '{"broken":' })
    expect(commit(root)).not.toBe(sha)
    expect(await look(root, ci, await actions([run(sha)]))).toMatchObject({ result: 'passed' })
  })

  it.each([
    ['red', { conclusion: 'failure' }],
    ['running', { status: 'in_progress', conclusion: null }],
    ['no-run', { path: '.github/workflows/other.yml' }],
    ['not-pushed', { head_sha: '0'.repeat(40) }],
  ])('fails with %s', async (code, more) => {
    const root = project({ 'a.txt': 'a' })
    const sha = repository(root)
    expect(await look(root, ci, await actions([run(sha, more)]))).toMatchObject({ result: 'failing', code })
  })

  it('fails when the job did not run, or the code here is another', async () => {
    const root = project({ 'a.txt': 'a' })
    const sha = repository(root)
    const skipped = await actions([run(sha)], [{ name: 'check', conclusion: 'skipped' }])
    expect(await look(root, ci, skipped)).toMatchObject({ code: 'job-skipped' })
    write(root, { 'app/a.txt': 'changed' })
    expect(await look(root, ci, await actions([run(sha)]))).toMatchObject({ code: 'not-pushed' })
  })

  it('fails without git, a remote, or one on GitHub', async () => {
    expect(await look(project(), ci)).toMatchObject({ code: 'no-git' })
    const root = project()
    repository(root)
    git(join(root, 'app'), 'remote', 'set-url', 'origin', 'https://git.example.org/learner/app.git')
    expect(await look(root, ci)).toMatchObject({ code: 'not-github' })
    git(join(root, 'app'), 'remote', 'remove', 'origin')
    expect(await look(root, ci)).toMatchObject({ code: 'no-remote' })
  })

  it('does not know when GitHub cannot be reached, answers nonsense, or wants to know who asks', async () => {
    const root = project()
    repository(root)
    const away = { env: { GITHUB_API_URL: 'http://127.0.0.1:9', GITHUB_TOKEN: 'x' } }
    expect(await look(root, ci, away)).toMatchObject({
      ...{ result: 'unknown', code: 'cannot-reach' },
      found: expect.stringContaining('127.0.0.1:9'),
    })
    const standIn = await github({})
    expect(await look(root, ci, { ...standIn, allowLoopback: false })).toMatchObject({
      result: 'unknown',
      found: 'GITHUB_API_URL is this machine',
    })
    const nonsense = await github({ '/repos/learner/app/actions/runs': { runs: 'none' } })
    expect(await look(root, ci, nonsense)).toMatchObject({ result: 'unknown', code: 'cannot-reach' })
    const { env } = await github({})
    expect(await look(root, ci, { env: { GITHUB_API_URL: env.GITHUB_API_URL } })).toMatchObject({
      result: 'unknown',
      code: 'not-allowed',
    })
  })
})

describe('http', () => {
  const live = gate({
    kind: 'http',
    cost: 'network',
    variable: 'deployUrl',
    path: '/healthz',
    commitField: 'commit',
  })
  const deployed = async (root: string, body: string, status = 200) =>
    vars(root, {
      deployUrl: await serve((_, response) => {
        response.statusCode = status
        response.end(body)
      }),
    })

  it('passes when the address answers with the commit that is here', async () => {
    const root = project({ 'a.txt': 'a' })
    const sha = repository(root)
    await deployed(root, JSON.stringify({ status: 'ok', commit: sha }))
    expect(await look(root, live)).toMatchObject({ result: 'passed', data: { commit: sha, status: 200 } })
  })

  it.each([
    ['bad-status', '{}', 404],
    ['no-commit', 'hello', 200],
    ['no-commit', '{"commit":"main; rm -rf"}', 200],
    ['other-commit', JSON.stringify({ commit: '1234567' }), 200],
  ])('fails with %s', async (code, body, status) => {
    const root = project({ 'a.txt': 'a' })
    repository(root)
    await deployed(root, body, status)
    expect(await look(root, live)).toMatchObject({ result: 'failing', code })
  })

  it('refuses an address of this machine or network, also behind a redirect', async () => {
    const root = await deployed(project(), '{}')
    expect(await look(root, live, { allowLoopback: false })).toMatchObject({ code: 'local-address' })
    const url = await serve((_, response) =>
      response.writeHead(302, { location: 'http://10.0.0.1/healthz' }).end(),
    )
    expect(await look(vars(root, { deployUrl: url }), live)).toMatchObject({ code: 'local-address' })
  })

  it.each([
    '192.0.0.8',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.7',
    '[2001::1]',
    '[2001:db8::1]',
    '[2002:a00:1::]',
    '[::ffff:10.0.0.1]',
  ])('refuses %s, which is on no public network', async (host) => {
    const root = vars(project(), { deployUrl: `http://${host}` })
    expect(await look(root, live)).toMatchObject({ code: 'local-address' })
  })

  it('fails without an address, with one that is none, and where nothing answers', async () => {
    expect(await look(project(), live)).toMatchObject({ code: 'no-url' })
    expect(await look(vars(project(), { deployUrl: 'ftp://a' }), live)).toMatchObject({ code: 'bad-url' })
    expect(await look(vars(project(), { deployUrl: 'http://127.0.0.1:9' }), live)).toMatchObject({
      code: 'no-answer',
    })
  })

  it.each([
    ['ENOTFOUND', /^DNS knows no host named localhost \(ENOTFOUND\)\. Check the spelling/],
    ['EAI_AGAIN', /^DNS did not answer when asked for localhost \(EAI_AGAIN\)\. Check the network/],
    ['ECONNREFUSED', /^localhost:8080 refused the connection \(ECONNREFUSED\)\. Start the server/],
    ['CERT_HAS_EXPIRED', /^The certificate of localhost:8080 has expired \(CERT_HAS_EXPIRED\)\. Renew it/],
  ])('says what %s means, of which host, and what to do', async (code, found) => {
    const root = vars(project(), { deployUrl: 'http://localhost:8080' })
    const fetch = async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
    }
    expect(await look(root, live, { fetch })).toMatchObject({
      code: 'no-answer',
      found: expect.stringMatching(found),
    })
  })
})

describe('pull-request', () => {
  const opened = gate({ kind: 'pull-request', cost: 'network', variable: 'ossPr' })
  const url = 'https://github.com/them/tool/pull/5'
  const pull = (more = {}) => ({
    html_url: url,
    title: 'Mend the docs',
    state: 'open',
    merged: false,
    user: { login: 'learner' },
    base: { repo: { full_name: 'them/tool', owner: { login: 'them' } } },
    ...more,
  })
  const answering = (value: object) => github({ '/repos/them/tool/pulls/5': value })

  it('passes when it is open or merged in somebody else’s repository', async () => {
    const root = vars(project(), { ossPr: url })
    expect(await look(root, opened, await answering(pull()))).toMatchObject({ result: 'passed' })
    const merged = await answering(pull({ state: 'closed', merged: true }))
    expect(await look(root, opened, merged)).toMatchObject({ result: 'passed', data: { state: 'merged' } })
  })

  it('fails when it is closed, the learner’s own, unknown, or no pull request', async () => {
    const root = vars(project(), { ossPr: url })
    expect(await look(root, opened, await answering(pull({ state: 'closed' })))).toMatchObject({
      code: 'closed',
    })
    expect(await look(root, opened, await answering(pull({ user: { login: 'Them' } })))).toMatchObject({
      code: 'own-repo',
    })
    expect(await look(root, opened, await github({}))).toMatchObject({ code: 'not-found' })
    expect(await look(vars(root, { ossPr: 'https://example.org/pull/5' }), opened)).toMatchObject({
      code: 'bad-url',
    })
    expect(await look(project(), opened)).toMatchObject({ code: 'no-url' })
  })
})

describe('mcp', () => {
  /** A server that speaks MCP on stdio with one tool, `add`. */
  const SERVER = `
    const answers = {
      initialize: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'sum', version: '1' } },
      'tools/list': { tools: [{ name: 'add', inputSchema: { type: 'object' } }] },
    };
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      if (id === undefined) return;
      const result = answers[method] ?? { isError: params.name !== 'add', content: [{ type: 'text', text: 'no such tool' }] };
      console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
    })`
  const stdio = (script: string, more = {}) =>
    gate({
      kind: 'mcp',
      argv: ['node', '-e', script.replace(/\s+/g, ' ')],
      minTools: 1,
      timeoutSeconds: 10,
      ...more,
    })

  it('passes with a handshake, a list of tools and a call', async () => {
    expect(await look(project(), stdio(SERVER, { call: { tool: 'add', arguments: {} } }))).toMatchObject({
      result: 'passed',
      data: { tools: ['add'], server: { name: 'sum' } },
    })
  })

  it.each([
    ['too-few-tools', SERVER, { minTools: 2 }],
    ['call-failed', SERVER, { call: { tool: 'subtract', arguments: {} } }],
    ['no-handshake', `console.log('Server is listening')`, {}],
    ['no-handshake', '0', {}],
    ['timeout', 'setInterval(() => {}, 1000)', { timeoutSeconds: 1 }],
    ['not-installed', '0', { argv: ['no-such-program-here'] }],
  ])('fails with %s', async (code, script, more) => {
    expect(await look(project(), stdio(script, more))).toMatchObject({ result: 'failing', code })
  })

  it('is not installed, whatever it prints, in a clone without packages', async () => {
    const clone = project({ 'package.json': '{}' })
    expect(await look(clone, stdio(`console.log('Cannot find module')`))).toMatchObject({
      code: 'not-installed',
    })
  })

  it('speaks HTTP too, with the session that it is given', async () => {
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        if (request.method === 'GET') return response.writeHead(405).end()
        const { id, method } = JSON.parse(body)
        response.setHeader('mcp-session-id', 'one')
        if (id === undefined) return response.writeHead(202).end()
        if (method !== 'initialize' && request.headers['mcp-session-id'] !== 'one')
          return response.writeHead(400).end()
        const result =
          method === 'initialize'
            ? { protocolVersion: '2025-06-18', serverInfo: { name: 'sum', version: '1' } }
            : { tools: [{ name: 'add', inputSchema: {} }] }
        return response.end(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`)
      })
    })
    const remote = gate({ kind: 'mcp', cost: 'network', variable: 'mcpUrl', minTools: 1 })
    expect(await look(vars(project(), { mcpUrl: url }), remote)).toMatchObject({ result: 'passed' })
    expect(await look(vars(project(), { mcpUrl: url }), remote, { allowLoopback: false })).toMatchObject({
      code: 'no-handshake',
    })
    const gone = vars(project(), { mcpUrl: 'http://127.0.0.1:19' })
    expect(await look(gone, remote)).toMatchObject({
      code: 'no-handshake',
      found: expect.stringMatching(
        /^(?:127\.0\.0\.1:19 refused|bad port: fetch refuses to connect to 127\.0\.0\.1:19)/,
      ),
    })
  })
})

it('leaves what needs the network alone when that is asked for, and what calls a model without a yes', async () => {
  const { runGate } = await import('../../../src/io/gates/run-gate.ts')
  const world = {} as never
  const online = gate({ kind: 'pull-request', cost: 'network', variable: 'ossPr' })
  expect(await runGate(online, world, { offline: true, yes: false })).toMatchObject({ code: 'offline' })
  const paid = gate({ kind: 'attest', cost: 'llm', question: 'x' })
  expect(await runGate(paid, world, { offline: false, yes: false })).toMatchObject({ code: 'needs-yes' })
})
