import { once } from 'node:events'
import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { h2Client, responseOf } from '../support/h2-client.ts'
import { rawBackend, respondWith } from '../support/raw-backend.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const sizes = [1, 3, 1000, 16_000, 40_000, 100_000]

test.for(['PUT', 'POST', 'PATCH', 'DELETE'])(
  'a %s with Content-Length whose body follows its head at once is served',
  async (method) => {
    await using backend = await recordingBackend()
    await using balancer = await balance([backend.port])
    await using client = await h2Client(balancer.port)
    // The second one finds an idle connection to the backend.
    for (const size of [...sizes, ...sizes]) {
      const headers = { ':method': method, 'content-length': size }
      const stream = client.session.request(headers, { endStream: false })
      stream.end('a'.repeat(size))
      expect(await responseOf(stream)).toMatchObject({ status: 200, code: 0 })
    }
    expect(backend.requests.map(({ body }) => body.length)).toEqual([...sizes, ...sizes])
  },
)

test('an upload that the backend reads opens windows for the path, not the default of 65,535 bytes', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  if ((client.session.remoteSettings.initialWindowSize ?? 0) < 1 << 18) {
    await once(client.session, 'remoteSettings')
  }
  expect(client.session.remoteSettings.initialWindowSize).toBeGreaterThanOrEqual(1 << 18)
  const stream = client.open({ ':method': 'POST' })
  stream.write('a'.repeat(40_000))
  await eventually(() => (client.session.state.remoteWindowSize ?? 0) >= 1 << 22)
  stream.end()
  expect(await responseOf(stream)).toMatchObject({ status: 200, code: 0 })
})

test.for([true, false])(
  'trailers of a response arrive that ends before its request: %s',
  async (early) => {
    const body = 'Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\ngrpc-status: 16\r\n\r\n'
    await using backend = await rawBackend(respondWith(`HTTP/1.1 200 OK\r\n${body}`))
    await using balancer = await balance([backend.port])
    await using client = await h2Client(balancer.port)
    const stream = client.open({ ':method': 'POST', te: 'trailers' })
    const response = responseOf(stream)
    if (early) stream.write('a')
    else stream.end('a')
    expect(await response).toMatchObject({ body: 'no', trailers: { 'grpc-status': '16' }, code: 0 })
  },
)

test.for(['Content-Length: 2\r\n\r\nok', 'Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'])(
  'a response with as many fields as are allowed is whole: %j',
  async (rest) => {
    const lines = Array.from({ length: 19 }, (_, at) => `x-${at}: a\r\n`).join('')
    await using backend = await rawBackend(respondWith(`HTTP/1.1 200 OK\r\n${lines}${rest}`))
    await using balancer = await balance([backend.port], { limits: { fields: 20 } })
    await using client = await h2Client(balancer.port)
    expect(await client.ask()).toMatchObject({ status: 200, body: 'ok', code: 0 })
  },
)

test.for([600, 999])('a response with status %i passes, as in HTTP/1.1', async (status) => {
  await using backend = await rawBackend(
    respondWith(`HTTP/1.1 ${status} Own\r\nContent-Length: 2\r\n\r\nok`),
  )
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  expect(await client.ask()).toMatchObject({ status, body: 'ok', code: 0 })
})
