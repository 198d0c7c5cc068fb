import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HttpError } from '#kit/http/errors'
import { LlmError } from '#kit/llm/errors'
import { send, startServer } from './app.ts'

async function failing(error: () => unknown) {
  const server = await startServer({
    routes: ({ routes }) =>
      routes.get('/fails', async () => {
        throw error()
      }),
  })
  const answer = await send(server.port, { path: '/fails', headers: { host: `localhost:${server.port}` } })
  return { ...answer, ...server, error: JSON.parse(answer.body).error }
}

describe('what goes wrong', () => {
  it('is told with an id that the log has too, and without what is not for strangers', async () => {
    const { status, headers, error, logged, body } = await failing(
      () => new Error('password hunter2 at /srv/app.js'),
    )
    expect(status).toBe(500)
    expect(error).toMatchObject({ code: 'internal', id: headers['x-request-id'] })
    expect(body).not.toMatch(/hunter2|srv|app\.js/)
    expect(logged).toContainEqual(
      expect.objectContaining({ event: 'failure', id: error.id, message: 'password hunter2 at /srv/app.js' }),
    )
  })

  it('of the model is told by its kind', async () => {
    const { status, body, error } = await failing(
      () => new LlmError('timeout', 'secret host', { hint: 'secret hint' }),
    )
    expect({ status, error }).toMatchObject({
      status: 502,
      error: { code: 'model_failed', message: 'The model failed: timeout' },
    })
    expect(body).not.toContain('secret')
  })

  it('on purpose is sent unchanged', async () => {
    const { status, error, logged } = await failing(
      () => new HttpError(418, 'teapot', 'No coffee', { hint: 'Try tea.' }),
    )
    expect({ status, error }).toMatchObject({
      status: 418,
      error: { code: 'teapot', message: 'No coffee', hint: 'Try tea.' },
    })
    expect(logged.filter(({ event }) => event === 'failure')).toEqual([])
  })

  it('nowhere is a 404 like every other failure', async () => {
    const { port } = await startServer()
    const { status, body } = await send(port, { path: '/no/where', headers: { host: `localhost:${port}` } })
    expect({ status, error: JSON.parse(body).error }).toMatchObject({
      status: 404,
      error: { code: 'not_found' },
    })
  })
})

it('a request is logged by its route, and not by what was asked', async () => {
  const { port, logged } = await startServer({
    routes: ({ routes }) => routes.get('/find/:word', (c) => c.text('found')),
  })
  await send(port, { path: '/find/hush?q=secret', headers: { host: `localhost:${port}` } })
  await expect
    .poll(() => logged)
    .toContainEqual(
      expect.objectContaining({
        event: 'request',
        method: 'GET',
        route: '/find/:word',
        status: 200,
        complete: true,
      }),
    )
  expect(JSON.stringify(logged)).not.toMatch(/hush|secret/)
})

it('a port that is taken is named, with what to do', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as { port: number }
  await expect(startServer({ env: { PORT: `${port}` } })).rejects.toMatchObject({
    message: expect.stringContaining(`cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`),
    hint: expect.stringContaining('PORT='),
  })
})
