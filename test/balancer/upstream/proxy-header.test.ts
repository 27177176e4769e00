import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { certificateOf } from '../support/certificates.ts'
import { h2Backend } from '../support/h2-backend.ts'
import { headerFront } from '../support/header-front.ts'
import { exchange, rawClient } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const request = (fields = '') => `GET / HTTP/1.1\r\nHost: lb.test\r\n${fields}\r\n`
const get = request('Connection: close\r\n')
const trusted = { backendTls: { ca: certificateOf('ca') } }

/** One backend on a port, which expects headers. */
const only = (scheme: string, port: number, proxyProtocol: 'v1' | 'v2' = 'v1') => ({
  backends: [{ url: `${scheme}://127.0.0.1:${port}`, weight: 1, proxyProtocol }],
})

test.for(['v1', 'v2'] as const)('connections begin with a header of %s', async (version) => {
  await using backend = await recordingBackend()
  await using front = await headerFront(backend.port)
  await using balancer = await balance([], only('http', front.port, version))
  await using client = await rawClient(balancer.port)
  const { localPort } = client.socket
  client.send(get)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 /)
  const text = `PROXY TCP4 127.0.0.1 127.0.0.1 ${localPort} ${balancer.port}\r\n`
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(localPort as number, 0)
  ports.writeUInt16BE(balancer.port, 2)
  const bytes = `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01${ports.toString('latin1')}`
  expect(front.headers).toEqual([version === 'v1' ? text : bytes])
})

test('a connection is used again for the same client alone', async () => {
  await using backend = await recordingBackend()
  await using front = await headerFront(backend.port)
  await using balancer = await balance([], only('http', front.port))
  await using one = await rawClient(balancer.port)
  await using two = await rawClient(balancer.port)
  for (const [client, times] of [
    [one, 1],
    [two, 1],
    [one, 2],
    [two, 2],
  ] as const) {
    client.send(request())
    await eventually(() => client.text().split('HTTP/1.1 200').length - 1 === times)
  }
  expect(front.headers.map((header) => Number(header.split(' ')[4]))).toEqual([
    one.socket.localPort,
    two.socket.localPort,
  ])
  expect(backend.requests).toHaveLength(4)
})

test.for([
  ['h2c', undefined],
  ['https', 'backend'],
] as const)(
  'over %s the header comes first, and sessions are for one client',
  async ([scheme, cert]) => {
    await using backend = await h2Backend(
      ({ stream }) => stream.respond([':status', '200'], { endStream: true }),
      {
        ...(cert && { cert }),
      },
    )
    await using front = await headerFront(backend.port)
    await using balancer = await balance([], { ...only(scheme, front.port, 'v2'), ...trusted })
    await using one = await rawClient(balancer.port)
    one.send(request())
    await one.until(/200/)
    one.send(request())
    await one.until(/200.*200/s)
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
    expect(front.headers).toHaveLength(2)
    expect(backend.sessions).toHaveLength(2)
  },
)

test('over TLS in HTTP/1.1, too', async () => {
  await using backend = await recordingBackend(undefined, { cert: 'backend' })
  await using front = await headerFront(backend.port)
  await using balancer = await balance([], { ...only('https', front.port), ...trusted })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  expect(front.headers).toHaveLength(1)
})

test('the client that a trusted proxy names is the one in the header', async () => {
  await using backend = await recordingBackend()
  await using front = await headerFront(backend.port)
  const trustedProxies = ['127.0.0.1']
  await using balancer = await balance([], { ...only('http', front.port), trustedProxies })
  const from = (address: string) =>
    exchange(balancer.port, request(`X-Forwarded-For: ${address}\r\nConnection: close\r\n`))
  await from('203.0.113.9')
  await from('2001:db8::1')
  expect(front.headers).toEqual([
    `PROXY TCP4 203.0.113.9 127.0.0.1 0 ${balancer.port}\r\n`,
    `PROXY TCP6 2001:db8::1 ::ffff:127.0.0.1 0 ${balancer.port}\r\n`,
  ])
})

test.for([
  ['http', 'v1', 'PROXY UNKNOWN\r\n'],
  ['https', 'v2', '\r\n\r\n\0\r\nQUIT\n\x20\0\0\0'],
] as const)(
  'health checks over %s have a header without a client',
  async ([scheme, version, header]) => {
    await using backend = await recordingBackend(undefined, {
      ...(scheme === 'https' && { cert: 'backend' as const }),
    })
    await using front = await headerFront(backend.port)
    const health = { active: { interval: 1, timeout: 1, path: '/check' } }
    await using _ = await balance([], { ...only(scheme, front.port, version), ...trusted, health })
    await eventually(() => backend.requests.some(({ target }) => target === '/check'))
    expect(front.headers[0]).toBe(header)
  },
)
