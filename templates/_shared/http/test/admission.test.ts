import { describe, expect, it } from 'vitest'
import { createAdmission } from '#kit/http/admission'

const waiting = () => new AbortController().signal

describe('a turn', () => {
  it('comes in order, as many at once as are let in', async () => {
    const admit = createAdmission({ running: 2, waiting: 10 })
    const order: number[] = []
    const turns = [1, 2, 3, 4].map((number) =>
      admit(waiting()).then((giveBack) => {
        order.push(number)
        return giveBack
      }),
    )
    const [first, second] = [await turns[0], await turns[1]]
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(order).toEqual([1, 2])
    second?.()
    await turns[2]
    expect(order).toEqual([1, 2, 3])
    first?.()
    await turns[3]
    expect(order).toEqual([1, 2, 3, 4])
  })

  it('is refused when even the queue is full, and may be tried again', async () => {
    const admit = createAdmission({ running: 1, waiting: 1 })
    const giveBack = await admit(waiting())
    const next = admit(waiting())
    await expect(admit(waiting())).rejects.toMatchObject({ status: 503, code: 'busy', retryAfterSeconds: 1 })
    giveBack()
    const giveNextBack = await next
    giveNextBack()
    await expect(admit(waiting())).resolves.toBeTypeOf('function')
  })

  it('is asked for before a body is read: no more are inside than run and wait', async () => {
    const admit = createAdmission({ running: 1, waiting: 1 })
    const [leave] = [admit.enter(), admit.enter()]
    expect(() => admit.enter()).toThrow(expect.objectContaining({ status: 503, code: 'busy' }))
    leave()
    leave() // twice is once
    admit.enter()
    expect(() => admit.enter()).toThrow('Too many questions at once')
  })

  it('is not given to one who has left, but to the next', async () => {
    const admit = createAdmission({ running: 1, waiting: 5 })
    const giveBack = await admit(waiting())
    const leaving = new AbortController()
    const left = admit(leaving.signal)
    const next = admit(waiting())
    leaving.abort(new Error('has left'))
    giveBack()
    await expect(left).rejects.toThrow('has left')
    await expect(next).resolves.toBeTypeOf('function')
  })

  it('is free for another as soon as the one who waits for it leaves', async () => {
    const admit = createAdmission({ running: 1, waiting: 1 })
    const giveBack = await admit(waiting())
    const leaving = new AbortController()
    const left = admit(leaving.signal)
    leaving.abort(new Error('has left'))
    await expect(left).rejects.toThrow('has left')
    const next = admit(waiting())
    giveBack()
    giveBack()
    await expect(next).resolves.toBeTypeOf('function')
    const third = admit(waiting())
    await expect(admit(waiting())).rejects.toMatchObject({ status: 503 })
    ;(await next)()
    await expect(third).resolves.toBeTypeOf('function')
  })
})
