import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { healthSettings } from '../../../src/balancer/config/health-settings.ts'
import { type Prober, prober } from '../../../src/balancer/health/probe.ts'
import { httpBackend } from '../support/http-backend.ts'
import { overTls, rawBackend } from '../support/raw-backend.ts'
import { testNames } from '../support/test-names.ts'

const { signal } = new AbortController()

function proberOf(active: object): Prober & AsyncDisposable {
  const settings = healthSettings.parse({ active }).active
  const made = prober(settings as NonNullable<typeof settings>, { verify: true }, testNames())
  return { ...made, [Symbol.asyncDispose]: () => made.close() }
}

test('the status decides, and the reason of a failure names the path', async () => {
  const requests: unknown[] = []
  await using backend = await httpBackend(({ method, url, headers }, response) => {
    requests.push([method, url, headers.connection, headers.host])
    response.writeHead(requests.length === 1 ? 204 : 503).end()
  })
  await using p = proberOf({ path: '/ready?deep=1' })
  expect(await p.probe(backend.url, signal)).toEqual({ passed: true })
  expect(await p.probe(backend.url, signal)).toEqual({
    passed: false,
    reason: 'GET /ready?deep=1 returned 503',
  })
  const host = `127.0.0.1:${backend.port}`
  expect(requests).toEqual(Array(2).fill(['GET', '/ready?deep=1', 'close', host]))
})

test('only a status within the configured range passes', async () => {
  await using backend = await httpBackend((_, response) => void response.writeHead(302).end())
  await using lenient = proberOf({})
  await using strict = proberOf({ statuses: [200, 200] })
  expect(await lenient.probe(backend.url, signal)).toEqual({ passed: true })
  expect(await strict.probe(backend.url, signal)).toMatchObject({ passed: false })
})

test('a refused connection fails at once, whatever the timeout', async () => {
  const gone = await httpBackend(() => undefined)
  await gone[Symbol.asyncDispose]()
  await using p = proberOf({ timeout: 3600, interval: 3600 })
  expect(await p.probe(gone.url, signal)).toEqual({ passed: false, reason: 'connection refused' })
})

test('no response within the timeout fails', async () => {
  await using backend = await httpBackend(() => undefined)
  await using p = proberOf({ timeout: 0.05 })
  expect(await p.probe(backend.url, signal)).toEqual({
    passed: false,
    reason: 'no response within 0.05 s',
  })
})

test.for([
  ['silent', 'no response within 0.05 s'],
  ['unknown', 'name not found'],
] as const)('a backend whose name is %s was not asked', async ([source, reason]) => {
  const names = testNames()
  const settings = { path: '/', timeout: 0.05 }
  const lookup: typeof names.lookup = (_host, _options, callback) => {
    if (source === 'unknown') callback(new Error('name not found'), '')
  }
  const p = prober({ ...settings, statuses: [200, 399] }, { verify: true }, { ...names, lookup })
  const result = await p.probe('http://backend.test:80', signal)
  await p.close()
  expect(result).toEqual({ passed: false, reason, unresolved: true })
})

test('a check for which this host lacks descriptors says nothing about the backend, and the next one is made', async () => {
  await using backend = await httpBackend((_, response) => void response.writeHead(204).end())
  const errors = [Object.assign(new Error('too many open files'), { code: 'EMFILE' })]
  const load = async () => {
    const error = errors.pop()
    if (error !== undefined) throw error
    return await import('undici')
  }
  const settings = { path: '/', timeout: 2 }
  const p = prober({ ...settings, statuses: [200, 399] }, { verify: true }, testNames(), load)
  const results = [await p.probe(backend.url, signal), await p.probe(backend.url, signal)]
  await p.close()
  expect(results).toEqual([
    { passed: false, reason: 'too many open files (EMFILE)', ours: true },
    { passed: true },
  ])
})

test('a check over TLS names the backend without the dot at its end', async () => {
  const respond = (socket: Socket) => void socket.end('HTTP/1.1 204 No Content\r\n\r\n')
  await using backend = await rawBackend(respond, overTls('http/1.1'))
  const settings = { path: '/', timeout: 2 }
  const p = prober({ ...settings, statuses: [200, 399] }, { verify: false }, testNames())
  const result = await p.probe(`https://localhost.:${backend.port}`, signal)
  await p.close()
  expect(result).toEqual({ passed: true })
  expect((backend.sockets[0] as TLSSocket).servername).toBe('localhost')
})

test('a body that never ends does not delay the result', async () => {
  await using backend = await httpBackend((_, response) => {
    response.writeHead(200)
    response.write('more to come')
  })
  await using p = proberOf({})
  expect(await p.probe(backend.url, signal)).toEqual({ passed: true })
})

test('an aborted check ends', async () => {
  const aborted = new AbortController()
  await using backend = await httpBackend(() => aborted.abort())
  await using p = proberOf({ timeout: 3600, interval: 3600 })
  expect(await p.probe(backend.url, aborted.signal)).toMatchObject({ passed: false })
})
