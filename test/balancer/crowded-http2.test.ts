import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { http2Crowd } from '../../bench/reliability/crowd-http2.ts'
import { balance, eventually } from './support/balance.ts'
import { h2Backend } from './support/h2-backend.ts'
import { h2Client } from './support/h2-client.ts'
import { exchange } from './support/raw-client.ts'

const large = Buffer.alloc(1 << 20)

/** Connections of misbehaving clients of one kind, each once it has done what its kind does. */
function crowdOf(kind: keyof typeof http2Crowd, count: number, port: number): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await new Promise<void>((begun) => http2Crowd[kind](socket, begun))
      return socket
    }),
  )
}

test('clients in HTTP/2 are served beside others that idle, open no window, end no head and flood; floods are cut off', async () => {
  // Node refuses streams beyond 10 MB of unread responses by default.
  await using backend = await h2Backend(
    ({ stream, headers }) => {
      stream.respond({ ':status': 200 })
      stream.end(headers[':path'] === '/large' ? large : 'ok')
    },
    { maxSessionMemory: 1000 },
  )
  await using balancer = await balance([], { backends: [{ url: backend.url, weight: 1 }] })
  const { port } = balancer
  await using client = await h2Client(port)
  const tolerated = [
    ...(await crowdOf('idleHttp2', 30, port)),
    ...(await crowdOf('zeroWindows', 4, port)),
    ...(await crowdOf('unfinishedHeads', 4, port)),
  ]
  const floods = [
    ...(await crowdOf('resetFloods', 2, port)),
    ...(await crowdOf('continuationFloods', 2, port)),
  ]
  const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
  for (let turn = 0; turn < 10; turn++) {
    expect(await client.ask()).toMatchObject({ status: 200, body: 'ok', code: 0 })
    expect(await exchange(port, get)).toMatch(/ 200 .*ok\r\n0\r\n\r\n$/s)
  }
  await Promise.all(floods.map(async (socket) => socket.destroyed || (await once(socket, 'close'))))
  expect(tolerated.filter(({ destroyed }) => destroyed)).toEqual([])
  expect(await client.ask()).toMatchObject({ status: 200, body: 'ok', code: 0 })
  for (const socket of tolerated) socket.destroy()
  await client[Symbol.asyncDispose]()
  await eventually(() => balancer.clients().length === 0 && balancer.counts().inFlight[0] === 0)
})
