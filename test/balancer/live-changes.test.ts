import { expect, test } from 'vitest'
import { type Balancer, startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { balance, closedPort, configFor, eventually } from './support/balance.ts'
import { type HttpBackend, httpBackend } from './support/http-backend.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'
import { steadyLoad } from './support/steady-load.ts'

const token = 'a-token-for-these-tests'
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

function respondingBackend(): Promise<HttpBackend> {
  return httpBackend((_request, response) => response.end('ok'))
}

/** Asks the admin port of `balancer`, and gives what it says. */
async function admin(
  { adminPort }: Pick<Balancer, 'adminPort'>,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${adminPort}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

test('weights, drains, joins and leaves under load reach all workers, and drop no request', async () => {
  await using a = await respondingBackend()
  await using b = await respondingBackend()
  await using c = await respondingBackend()
  const settings = { workers: 2, algorithm: 'weighted', admin: { port: 0, token } }
  await using balancer = await startBalancer(configFor([a.port, b.port], settings))
  const load = steadyLoad(balancer.port, 8)
  const sent = (row: number) => balancer.counts().perBackend[row] ?? 0
  const more = async (requests: number) => {
    const enough = load.answered() + requests
    await eventually(() => load.answered() >= enough)
  }
  const id = ({ port }: HttpBackend) => `127.0.0.1:${port}`
  const change = async (method: string, path: string, body?: object) =>
    expect((await admin(balancer, method, path, body)).status).toBeLessThan(300)

  await more(50)
  await change('PUT', `/backends/${id(a)}/weight`, { weight: 9 })
  await change('POST', '/backends', { url: c.url, weight: 5 })
  await eventually(() => sent(2) > 50)
  await change('POST', `/backends/${id(b)}/drain`)
  await eventually(() => balancer.counts().inFlight[1] === 0)
  const drained = sent(1)
  await more(200)
  expect(sent(1)).toBe(drained)
  await change('POST', `/backends/${id(b)}/undrain`)
  await eventually(() => sent(1) > drained)
  await change('DELETE', `/backends/${id(a)}`)
  await eventually(() => balancer.counts().inFlight[0] === 0)
  const left = sent(0)
  await more(200)
  expect(sent(0)).toBe(left)
  // Its row is free again: whoever joins there is asked, and never the one that left.
  await change('POST', '/backends', { url: a.url.replace('127.0.0.1', 'localhost') })
  await more(100)

  expect(Object.keys(await load.stop())).toEqual(['200'])
  expect(balancer.counts()).toMatchObject({ failed: { 502: 0, 503: 0, 504: 0 }, aborted: 0 })
})

test('a worker that is killed costs its own connections alone', async () => {
  await using a = await respondingBackend()
  const settings = { workers: 2, admin: { port: 0 } }
  await using balancer = await startBalancer(configFor([a.port], settings))
  const load = steadyLoad(balancer.port, 8)
  await eventually(() => load.answered() > 100)
  balancer.kill(0)
  const enough = load.answered() + 300
  await eventually(() => load.answered() >= enough)
  const { 200: fine, failed = 0, ...others } = await load.stop()
  expect(others).toEqual({})
  expect(fine).toBeGreaterThan(300)
  // Each of its connections had one request at most.
  expect(failed).toBeLessThanOrEqual(8)
  await eventually(() => balancer.counts().inFlight[0] === 0)
})

test('/metrics says what the balancer counted', async () => {
  await using good = await respondingBackend()
  const bad = await closedPort()
  const settings = { workers: 2, admin: { port: 0 } }
  await using balancer = await startBalancer(configFor([good.port, bad], settings))
  const load = steadyLoad(balancer.port, 4)
  await eventually(() => load.answered() > 200)
  await load.stop()
  // A client has its response a moment before the worker has counted it.
  await eventually(() => balancer.counts().answered === balancer.counts().requests)
  const counts = balancer.counts()
  const { text } = await admin(balancer, 'GET', '/metrics')
  const sum = (pattern: RegExp) =>
    [...text.matchAll(pattern)].reduce((all, [, value]) => all + Number(value), 0)
  expect(sum(/^lb_requests_total\{.*\} (\d+)$/gm)).toBe(counts.answered)
  expect(sum(/^lb_request_duration_seconds_count (\d+)$/gm)).toBe(counts.answered)
  expect(sum(/^lb_worker_requests_total\{.*\} (\d+)$/gm)).toBe(counts.requests)
  expect(sum(/^lb_backend_requests_total\{.*\} (\d+)$/gm)).toBe(counts.perBackend[0])
  expect(sum(/^lb_retries_total (\d+)$/gm)).toBe(counts.retried)
  // Every retry is for a connection that was refused.
  expect(sum(/^lb_backend_failures_total\{.*\} (\d+)$/gm)).toBe(counts.retried)
  expect(sum(/^lb_connections\{.*\} (\d+)$/gm)).toBeLessThanOrEqual(4)
  expect(counts.retried).toBeGreaterThan(0)
})

test('the admin port says that the balancer drains, and is closed after it', async () => {
  await using backend = await rawBackend(() => undefined)
  const settings = { workers: 1, timeouts: { drain: 10 }, admin: { port: 0 } }
  const balancer = await startBalancer(configFor([backend.port], settings))
  expect((await admin(balancer, 'GET', '/healthz')).status).toBe(200)
  const busy = exchange(balancer.port, get)
  await backend.until(/\r\n\r\n/)
  const stopped = balancer.stop()
  expect((await admin(balancer, 'GET', '/healthz')).status).toBe(503)
  backend.sockets[0]?.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  expect(await busy).toMatch(/ok$/)
  await stopped
  await expect(admin(balancer, 'GET', '/healthz')).rejects.toThrow()
})

test('an admin port in use is a fault of the configuration, and nothing is left running', async () => {
  await using backend = await recordingBackend()
  const port = await closedPort()
  const settings = { port, workers: 1, admin: { port: backend.port } }
  await expect(balance([backend.port], settings)).rejects.toThrow(
    /the admin port cannot listen on .*: the port is in use/,
  )
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
})
