import { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { dispatcher, maxWaiting } from '../../../src/balancer/supervisor/dispatcher.ts'
import { balance } from '../support/balance.ts'
import { rawClient } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

test('connections that stay open are dispatched to the worker with the fewest', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { workers: 2 })
  await using clients = new AsyncDisposableStack()
  for (let n = 1; n <= 4; n++) {
    const client = clients.use(await rawClient(balancer.port))
    client.send('GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n')
    await client.until(/ok$/)
    // Of two connections each worker has one, of four two.
    const perWorker = balancer.counts().perWorker.toSorted((a, b) => b - a)
    expect(perWorker).toEqual([Math.ceil(n / 2), Math.floor(n / 2)])
  }
})

test('a full queue closes further connections, and a closed dispatcher closes all of them', () => {
  const { dispatch, waiting, close } = dispatcher([], () => 15)
  const sockets = Array.from({ length: maxWaiting + 1 }, () => new Socket())
  for (const socket of sockets) dispatch(socket)
  expect(waiting()).toBe(maxWaiting)
  expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([sockets.at(-1)])
  close()
  const late = new Socket()
  dispatch(late)
  expect(waiting()).toBe(0)
  expect([...sockets, late].every(({ destroyed }) => destroyed)).toBe(true)
})

test('a connection that no worker gets ready for is closed after its time, and later ones after theirs', () => {
  vi.useFakeTimers()
  try {
    const { dispatch, waiting } = dispatcher([], () => 15)
    const sockets = [new Socket(), new Socket()] as const
    dispatch(sockets[0])
    vi.advanceTimersByTime(10_000)
    dispatch(sockets[1])
    vi.advanceTimersByTime(4_900)
    expect(waiting()).toBe(2)
    vi.advanceTimersByTime(200)
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false])
    vi.advanceTimersByTime(10_000)
    expect(sockets[1].destroyed).toBe(true)
    expect(waiting()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
