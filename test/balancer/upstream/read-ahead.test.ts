import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { balance } from '../support/balance.ts'
import { certificateOf } from '../support/certificates.ts'
import { overTls, rawBackend } from '../support/raw-backend.ts'
import { rawClient } from '../support/raw-client.ts'
import { answerFrame, flag, rawH2Backend } from '../support/raw-h2-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n'
const last = get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
const trusted = { backendTls: { ca: certificateOf('ca') } }

/** A response of so many bytes in all. */
function responseOf(bytes: number): string {
  const head = (length: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`
  return head(bytes)
    .padEnd(bytes, '.')
    .replace(/\d+(?=\r\n\r\n)/, `${bytes - head(bytes).length}`)
}

test.for([
  ['a TLS record', 'https', 16_384, overTls('http/1.1')],
  ['a read', 'http', 65_536, undefined],
] as const)(
  'what comes with a response, behind the end of %s, is not the response to the next request',
  async ([, scheme, bytes, tls]) => {
    const unasked = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked'
    const asked = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nasked'
    let connections = 0
    await using backend = await rawBackend((socket, text, connection) => {
      connections = connection + 1
      if (connection > 0) socket.write(asked)
      else if (text.split('\r\n\r\n').length === 2) socket.write(responseOf(bytes) + unasked)
    }, tls)
    const url = `${scheme}://127.0.0.1:${backend.port}`
    await using balancer = await balance([], { backends: [{ url, weight: 1 }], ...trusted })
    await using client = await rawClient(balancer.port)
    client.send(get + last)
    expect(await client.closed()).toMatch(/\r\n\r\nasked$/)
    expect(client.text()).not.toContain('unasked')
    expect(connections).toBe(2)
    expect(balancer.counts()).toMatchObject({ answered: 2, failed: { 502: 0 }, inFlight: [0] })
  },
)

/** Calls `act` after so many turns of the event loop. */
function afterTurns(turns: number, act: () => void): void {
  if (turns === 0) act()
  else setImmediate(() => afterTurns(turns - 1, act))
}

test.for([0, 1, 2, 3])(
  'a POST does not go into a session over TLS that was closed unseen, %d turns after the POST came',
  async (turns) => {
    const seen: number[] = []
    const respond = (socket: Socket, stream: number, connection: number) => {
      seen.push(connection)
      socket.write(answerFrame(stream, [], flag.endStream | flag.endHeaders))
    }
    await using backend = await rawH2Backend(respond, '', overTls('h2'))
    const backends = [{ url: `https://127.0.0.1:${backend.port}`, weight: 1 }]
    await using balancer = await balance([], { backends, ...trusted })
    await using client = await rawClient(balancer.port)
    client.send(get)
    await client.until(/\r\n\r\n$/)
    afterTurns(turns, () => backend.sockets[0]?.destroy())
    const post = last.replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\nabc')
    balancer.deliver(Buffer.from(post))
    expect(await client.closed()).toMatch(/ 200 .* 200 /s)
    expect(seen).toEqual([0, 1])
    await backend.until(/abc/)
    expect(balancer.counts()).toMatchObject({ answered: 2, retried: 1, inFlight: [0] })
  },
)
