import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Attempt, type Clients, mayRepeat } from '../../../bench/reliability/attempt.ts'
import { http2Clients } from '../../../bench/reliability/http2-clients.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function listening(server: Server | Http2Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

function clients(): Clients {
  const made = http2Clients()
  closers.push(() => made.close())
  return made
}

const get = { path: '/1', method: 'GET' }

test('clients in HTTP/2: a response, and requests that a server refuses, resets, or breaks off', async () => {
  const server = createServer()
  server.on('stream', (stream: ServerHttp2Stream, { ':path': path }) => {
    stream.on('error', () => undefined)
    if (path === '/refused') stream.close(7)
    else if (path === '/reset') stream.close(2)
    else if (path === '/cut') {
      stream.respond({ ':status': 200 })
      stream.write('a part', () => stream.session?.destroy())
    } else if (path === '/gone') stream.session?.destroy()
    else {
      stream.respond({ ':status': 204 })
      stream.end()
    }
  })
  const port = await listening(server)
  const { attempt } = clients()
  const outcomes: Partial<Attempt>[] = []
  for (const path of ['/1', '/refused', '/reset', '/cut', '/gone'])
    outcomes.push(await attempt({ ...get, port, path }, true))
  expect(outcomes).toMatchObject([
    { outcome: '204', unprocessed: false, responseBegun: true, reused: false },
    { outcome: 'REFUSED_STREAM', unprocessed: true, responseBegun: false },
    { outcome: 'RST_STREAM 2', unprocessed: false, responseBegun: false },
    { outcome: 'ECONNRESET', unprocessed: false, responseBegun: true },
    { outcome: 'ECONNRESET', unprocessed: false, responseBegun: false },
  ])
})

test('clients in HTTP/2: a port on which nobody listens, and connections that are used again', async () => {
  const tcp = createTcpServer()
  const closed = await listening(tcp)
  tcp.close()
  const { attempt } = clients()
  expect(await attempt({ ...get, port: closed }, true)).toMatchObject({ outcome: 'ECONNREFUSED' })
  const server = createServer((_, response) => response.end('ok'))
  const port = await listening(server)
  const used: boolean[] = []
  for (let n = 0; n < 21; n++) used.push((await attempt({ ...get, port }, false)).reused)
  expect(used).toEqual([...Array(20).fill(false), true])
})

const failed: Attempt = {
  outcome: 'ECONNRESET',
  reused: true,
  responseBegun: false,
  unprocessed: false,
  connectionMs: 0,
  endedMs: 1,
}

test.for([
  ['GET', {}, true],
  ['POST', {}, false],
  ['GET', { reused: false }, false],
  ['GET', { responseBegun: true }, false],
  ['GET', { outcome: '502' }, false],
  ['POST', { outcome: 'REFUSED_STREAM', unprocessed: true }, true],
] as const)('whether a client repeats a %s by itself: %j', ([method, changes, repeats]) => {
  expect(mayRepeat(method, { ...failed, ...changes })).toBe(repeats)
})
