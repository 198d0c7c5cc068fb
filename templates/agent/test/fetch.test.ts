import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fetchPublic, type Network } from '#kit/net/fetch-public'
import { isPublicAddress } from '#kit/net/public-address'
import { fetchTool } from '../../../src/tools/fetch.ts'
import { makeFolder, runAgent } from '../../../test/agent.ts'
import { startModel } from '../../../test/model-server.ts'

const { signal } = new AbortController()

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A network on which some names lead to this machine, as if it were public. */
const networkOf = (port: number, names: Record<string, string[]>): Network => ({
  resolve: async (name) => names[name] ?? [],
  isAllowed: (address) => address === '127.0.0.1' || isPublicAddress(address),
  ports: [port, 80, 443],
})

/** The address of a cloud's metadata service, and this machine, in every known spelling. */
const FORMS = [
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://169.16689662/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:a9fe:a9fe::]/',
  'http://[::a9fe:a9fe]/',
  'http://[fd00:ec2::254]/',
  'http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/',
  'http://169。254。169。254/',
  'http://169.254.169.254./',
  'http://user@169.254.169.254/',
  'http://127.1/',
  'http://0/',
  'http://[::1]/',
  'http://localhost/',
  'http://metadata.nip.example/',
]

describe('an address that is not on the public internet', () => {
  const names = { localhost: ['127.0.0.1', '::1'], 'metadata.nip.example': ['169.254.169.254'] }
  const network: Network = {
    resolve: async (name) => Object.entries(names).find(([known]) => known === name)?.[1] ?? [],
    isAllowed: isPublicAddress,
    ports: [80, 443],
  }

  it.each(FORMS)('is refused as %s', async (url) => {
    await expect(fetchPublic(url, signal, network)).rejects.toThrow(/not on the public internet|password/)
  })

  it.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://x/',
    'data:text/html,x',
    'javascript:1',
    'no address',
    '',
  ])('is no web page: %s', async (url) => {
    await expect(fetchPublic(url, signal, network)).rejects.toThrow(/only http|not the address/)
  })

  it('is refused when a redirect leads to it, and when one of several addresses is such', async () => {
    // A header has no other characters.
    for (const location of FORMS.filter((form) => /^[\x20-\x7e]+$/.test(form))) {
      const port = await serve((_, response) => response.writeHead(302, { location }).end())
      const open = {
        ...networkOf(port, { 'good.example': ['127.0.0.1'], ...names, localhost: ['::1'] }),
        isAllowed: (address: string) => address === '127.0.0.1',
      }
      if (/127\.1|\/0\//.test(location)) continue // this machine, which this network allows
      await expect(fetchPublic(`http://good.example:${port}/`, signal, open)).rejects.toThrow(
        /not on the public internet|password|has no address/,
      )
    }
    const mixed = { ...network, resolve: async () => ['93.184.215.14', '10.0.0.1'] }
    await expect(fetchPublic('http://mixed.example/', signal, mixed)).rejects.toThrow(
      'not on the public internet',
    )
  })
})

describe('a page', () => {
  it('is fetched from the address that was checked, though the name changes meanwhile', async () => {
    const hosts: (string | undefined)[] = []
    const port = await serve(({ headers }, response) => {
      hosts.push(headers.host)
      response.writeHead(200, { 'content-type': 'text/plain' }).end('all good')
    })
    const answers = [['127.0.0.1'], ['169.254.169.254']]
    const network = { ...networkOf(port, {}), resolve: async () => answers.shift() ?? [] }
    const page = await fetchPublic(`http://status.example:${port}/now?x=1`, signal, network)
    expect(page).toEqual({ url: `http://status.example:${port}/now?x=1`, status: 200, text: 'all good' })
    expect(hosts).toEqual([`status.example:${port}`])
    expect(answers).toHaveLength(1)
  })

  it('is read no further than its limit, and its server is let go', async () => {
    let hasLeft = false
    const port = await serve((_, response) => {
      response.on('close', () => {
        hasLeft = true
      })
      response.writeHead(200, { 'content-type': 'text/plain' })
      const more = () => {
        while (!hasLeft && response.write('x'.repeat(65_536)));
        if (!hasLeft) response.once('drain', more)
      }
      more()
    })
    const network = networkOf(port, { 'big.example': ['127.0.0.1'] })
    const limits = { maxBytes: 100_000, maxRedirects: 0 }
    const page = await fetchPublic(`http://big.example:${port}/`, signal, network, limits)
    expect(page.text).toHaveLength(100_000)
    await expect.poll(() => hasLeft).toBe(true)
  })

  it('that is no text, on another port, behind too many redirects, or nowhere is refused', async () => {
    const port = await serve(({ url }, response) => {
      if (url === '/loop') return response.writeHead(302, { location: '/loop' }).end()
      return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end()
    })
    const network = networkOf(port, { 'x.example': ['127.0.0.1'] })
    await expect(fetchPublic(`http://x.example:${port}/`, signal, network)).rejects.toThrow('not text')
    await expect(fetchPublic(`http://x.example:${port}/loop`, signal, network)).rejects.toThrow('redirects')
    await expect(fetchPublic('http://x.example:22/', signal, network)).rejects.toThrow('port 22')
    await expect(fetchPublic(`http://nobody.example:${port}/`, signal, network)).rejects.toThrow('no address')
  })
})

it('a model that is told to fetch the metadata gets nothing, even when every call is approved', async () => {
  const model = await startModel((_, turn) => {
    const url = FORMS[turn - 1]
    return url === undefined ? { text: 'Nothing.' } : { calls: [{ tool: 'fetch_url', input: { url } }] }
  })
  const { state } = await runAgent({
    ...{ env: model.env, root: makeFolder(), tools: [fetchTool()], approve: ['*'] },
    limits: { steps: 50, timeMs: 60_000 },
  })
  const fetched = state.calls.filter(({ result }) => result?.outcome === 'ok')
  expect(state.calls).toHaveLength(FORMS.length)
  expect(fetched).toEqual([])
})
