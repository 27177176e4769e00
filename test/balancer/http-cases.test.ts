import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { balance, type TestBalancer } from './support/balance.ts'
import { certificateOf, privateKey } from './support/certificates.ts'
import { faultsOf, type HttpCase, type Outcome, type Reached } from './support/http-case.ts'
import { type RawClient, rawClient } from './support/raw-client.ts'
import { readResponses } from './support/read-responses.ts'

const file = new URL('../cases/http/requests.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as HttpCase[]

/** Milliseconds of silence after which nothing more is expected; longer where nothing came yet. */
const silence = { after: 150, before: 1500 }

describe.for([
  [1, 'HTTP/1.1'],
  [2, 'HTTP/1.1'],
  [1, 'HTTP/2 over TLS'],
] as const)('with %i workers, and a backend with %s', ([workers, protocol]) => {
  const backend = strictBackend(protocol)
  let balancer: TestBalancer

  beforeAll(async () => {
    const url = `${protocol === 'HTTP/1.1' ? 'http' : 'https'}://127.0.0.1:${await backend.listen()}`
    const backendTls = { ca: certificateOf('ca') }
    balancer = await balance([], { workers, backends: [{ url, weight: 1 }], backendTls })
  })
  afterAll(async () => {
    await balancer[Symbol.asyncDispose]()
    backend.close()
  })

  test.for(cases.map((one) => [one.name, one] as const))('%s', async ([, one]) => {
    backend.reset(one.backend ?? '200')
    const outcome = await play(one, balancer.port, backend.reached)
    const faults = faultsOf(one, outcome)
    expect(faults, `${one.why}\n${JSON.stringify(outcome, undefined, 2)}`).toEqual([])

    // A proxy that the case has killed or confused must not pass.
    backend.reset('200')
    const probe: HttpCase = {
      ...one,
      raw: probing,
      expect: '200',
      dribble: false,
      half_close: false,
    }
    const after = await play(probe, balancer.port, backend.reached)
    expect(after.responses.map(({ status }) => status)).toEqual([200])
    expect(after.reached.map(({ target }) => target)).toEqual(['/probe'])
  })
})

const probing = 'GET /probe HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

/** Sends a case and gathers what comes of it. Throws where the proxy refuses the connection. */
async function play(one: HttpCase, port: number, reached: readonly Reached[]): Promise<Outcome> {
  await using client = await rawClient(port)
  await sendCase(client, one)
  const toHead = () => one.raw.startsWith('HEAD')
  const read = () => readResponses(client.text(), { toHead, closed: client.isClosed() })
  let seen = -1
  while (!client.isClosed() && client.text().length !== seen) {
    seen = client.text().length
    const { responses, complete, interim } = read()
    if (one.then !== undefined && interim.includes(100) && responses.length === 0)
      client.send(one.then)
    const done = responses.length > 0 && complete
    await client.quiet(done ? silence.after : silence.before)
  }
  return { ...read(), closed: client.isClosed(), reached: [...reached] }
}

async function sendCase(client: RawClient, { raw, dribble, half_close }: HttpCase): Promise<void> {
  if (dribble) {
    for (const byte of raw) {
      client.send(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
  } else client.send(raw)
  if (half_close) client.socket.end()
}

/** A backend on Node's strict parser, which notes every request that it has in full. */
function strictBackend(protocol: string) {
  const reached: Reached[] = []
  let mode = '200'
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('latin1')
      const { ':authority': host, ...headers } = request.headers
      reached.push({
        target: request.url ?? '',
        headers: { ...(host && { host }), ...headers },
        body,
      })
      response.writeHead(mode === 'upgrade' ? 200 : Number(mode))
      response.end(mode === '204' || mode === '304' ? undefined : `answer to ${request.url}`)
    })
  }
  const sockets = new Set<Socket>()
  const server = protocol === 'HTTP/1.1' ? plainServer(listener) : muxServer(listener)
  server.on('connection', (socket) => sockets.add(socket))
  server.on('upgrade', (request, socket) => {
    reached.push({ target: request.url ?? '', headers: request.headers, body: '' })
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.end(
      mode === 'upgrade'
        ? `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
        : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
    )
  })
  return {
    reached,
    async listen() {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
    reset(to: string) {
      reached.length = 0
      mode = to
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function plainServer(listener: RequestListener) {
  const server = createServer({ maxHeaderSize: 1 << 20 }, listener)
  server.maxHeadersCount = 0
  return server
}

/** HTTP/2 for those who offer it; who changes the protocol does not. */
function muxServer(listener: RequestListener) {
  const cert = readFileSync(certificateOf('backend'))
  const options = { key: privateKey, cert, allowHTTP1: true, maxHeaderListPairs: 1000 }
  return createSecureServer(options, listener as never) as unknown as ReturnType<typeof plainServer>
}
