import { describe, expect, it } from 'vitest'
import { send, startServer } from './app.ts'

const SHA = '0123456789abcdef0123456789abcdef01234567'
const get = async (port: number, path: string) => {
  const { status, body } = await send(port, { path })
  return { status, body }
}

describe('health', () => {
  it('names the commit', async () => {
    const { port } = await startServer({ health: { commit: SHA, check: async () => {} } })
    const { status, body } = await get(port, '/healthz')
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({ status: 'ok', commit: SHA, uptimeSeconds: expect.any(Number) })
  })

  it('and readiness are two things', async () => {
    let isUp = false
    const check = async () => {
      if (!isUp) throw new Error('secret database does not answer')
    }
    const { port } = await startServer({ health: { commit: null, check } })
    expect(await get(port, '/readyz')).toEqual({ status: 503, body: '{"status":"not ready"}' })
    expect((await get(port, '/healthz')).status).toBe(200)
    isUp = true
    expect(await get(port, '/readyz')).toEqual({ status: 200, body: '{"status":"ready"}' })
  })

  it('is not ready when what is asked does not answer', { timeout: 10_000 }, async () => {
    const { port } = await startServer({ health: { commit: null, check: () => new Promise(() => {}) } })
    expect((await get(port, '/readyz')).status).toBe(503)
  })
})

it('metrics count requests by route and status', async () => {
  const { port } = await startServer({ routes: ({ routes }) => routes.get('/here', (c) => c.text('here')) })
  const headers = { host: `localhost:${port}` }
  await send(port, { path: '/here?q=secret', headers })
  await send(port, { path: '/secret', headers })
  const metrics = async () => (await get(port, '/metrics')).body
  await expect
    .poll(metrics)
    .toMatch(/http_server_request_duration_seconds_count\{[^}]*route="\/here",status="200"\} 1/)
  expect(await metrics()).toMatch(/status="404"\} 1/)
  expect(await metrics()).not.toContain('secret')
})
