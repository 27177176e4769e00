import type { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { balance, type TestBalancer } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange } from './support/raw-client.ts'

const request = (target: string) =>
  `GET ${target} HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n`
const fine = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

/** Requests that reached each backend with `count` further requests of a page that is sound. */
async function shares({ port, counts }: TestBalancer, count = 8): Promise<number[]> {
  const before = counts().perBackend
  for (let n = 0; n < count; n++) await exchange(port, request('/'))
  return counts().perBackend.map((sent, row) => sent - (before[row] ?? 0))
}

const broken = {
  resets: (socket: Socket) => void socket.resetAndDestroy(),
  'is malformed': (socket: Socket) => void socket.write('NONSENSE\r\n\r\n'),
  'has a head that is too large': (socket: Socket) =>
    void socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
  'never begins': () => undefined,
  'breaks off': (socket: Socket) =>
    void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort'),
}

test.for(Object.entries(broken))(
  'a page whose response %s ejects no backend that serves others',
  async ([, act]) => {
    const respond = (socket: Socket, text: string) =>
      void (text.includes(' /broken') ? act(socket) : socket.write(fine))
    await using one = await rawBackend(respond)
    await using two = await rawBackend(respond)
    const checked = () => [one, two].flatMap(({ received }) => received).join('')
    await using balancer = await balance([one.port, two.port], { timeouts: { firstByte: 0.1 } })
    await Promise.all(Array.from({ length: 14 }, () => exchange(balancer.port, request('/broken'))))
    await vi.waitFor(() => expect(checked()).toMatch(/GET \/ HTTP\/1\.1/), 10_000)
    expect(await shares(balancer)).toEqual([4, 4])
  },
)

test.for(Object.entries(broken))(
  'a backend each of whose responses %s is ejected',
  async ([, act]) => {
    await using sick = await rawBackend((socket) => act(socket))
    await using sound = await rawBackend((socket) => void socket.write(fine))
    await using balancer = await balance([sick.port, sound.port], { timeouts: { firstByte: 0.1 } })
    await Promise.all(Array.from({ length: 14 }, () => exchange(balancer.port, request('/'))))
    await vi.waitFor(async () => expect(await shares(balancer, 3)).toEqual([0, 3]), 10_000)
  },
)
