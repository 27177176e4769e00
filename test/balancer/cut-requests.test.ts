import { readFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Balancer, startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { configFor, eventually } from './support/balance.ts'
import { h2Client } from './support/h2-client.ts'
import { rawBackend } from './support/raw-backend.ts'
import { rawClient } from './support/raw-client.ts'

const get = (target: string, fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`

/** The lines of a log, by the path of the request. */
function linesOf(path: string): Record<string, { reason?: string; status: number }> {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return Object.fromEntries(lines.map((line) => [JSON.parse(line).target, JSON.parse(line)]))
}

/** A backend that finishes only responses to /done. */
const unfinished = () =>
  rawBackend((socket, text) => {
    const target = text.slice(text.lastIndexOf('GET ') + 4).split(' ', 1)[0] ?? ''
    if (target.startsWith('/done')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    else if (target === '/half') socket.write('HTTP/1.1 200 OK\r\n\r\nhalf of it')
    else if (target === '/tunnel')
      socket.write('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n')
  })

test.for([
  ['the time of a drain is over', { drain: 0.2 }, (balancer: Balancer) => balancer.stop()],
  ['it is cut', { drain: 60 }, (balancer: Balancer) => balancer.cut()],
  [
    'it is cut while it drains',
    { drain: 60 },
    (balancer: Balancer) => Promise.all([balancer.stop(), balancer.cut()]),
  ],
] as const)(
  'when %s all requests are logged, and clients see the cut',
  async ([, timeouts, stop]) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
    const accessLog = join(folder.path, 'access.log')
    await using backend = await unfinished()
    const config = configFor([backend.port], { workers: 2, accessLog, timeouts })
    await using balancer = await startBalancer(config)
    await using clients = new AsyncDisposableStack()
    const client = async () => clients.use(await rawClient(balancer.port))
    const [idle, hang, half, tunnel] = [
      await client(),
      await client(),
      await client(),
      await client(),
    ] as const
    for (let n = 0; n < 5; n++) {
      idle.send(get(`/done${n}`))
      await idle.until(new RegExp(`(ok[\\s\\S]*){${n + 1}}`))
    }
    hang.send(get('/hang'))
    half.send(get('/half'))
    await half.until(/half of it/)
    tunnel.send(get('/tunnel', 'Connection: Upgrade\r\nUpgrade: chat\r\n'))
    await tunnel.until(/101/)
    const h2 = clients.use(await h2Client(balancer.port))
    const stream = h2.session.request({ ':path': '/h2-hang', ':authority': 'a' })
    stream.on('error', () => undefined)
    const streamClosed = new Promise((resolve) => stream.once('close', resolve))
    await eventually(() => balancer.counts().inFlight[0] === 4)
    await stop(balancer)
    for (const cut of [hang, half, tunnel]) {
      await cut.closed()
      expect(cut.fault()).toMatchObject({ code: 'ECONNRESET' })
    }
    await streamClosed
    expect(await idle.closed()).toMatch(/ok$/)
    expect(idle.fault()).toBeUndefined()
    const lines = linesOf(accessLog)
    expect(Object.keys(lines)).toHaveLength(9)
    for (let n = 0; n < 5; n++) expect(lines[`/done${n}`]?.reason).toBeUndefined()
    expect(lines).toMatchObject({
      '/hang': { status: 0, reason: 'drain-timeout' },
      '/half': { status: 200, reason: 'drain-timeout' },
      '/tunnel': { status: 101, reason: 'drain-timeout' },
      '/h2-hang': { status: 0, reason: 'drain-timeout' },
    })
    expect(balancer.counts()).toMatchObject({ answered: 5, aborted: 4, inFlight: [0] })
  },
)
