import { expect, test } from 'vitest'
import { healthSettings } from '../../../src/balancer/config/health-settings.ts'
import { type Prober, prober } from '../../../src/balancer/health/probe.ts'
import { origin } from '../support/origin.ts'

const { signal } = new AbortController()

function proberOf(active: object): Prober & AsyncDisposable {
  const settings = healthSettings.parse({ active }).active
  const made = prober(settings as NonNullable<typeof settings>, { verify: true })
  return { ...made, [Symbol.asyncDispose]: () => made.close() }
}

test('the status decides, and the check says which path it asked for', async () => {
  const asked: unknown[] = []
  await using backend = await origin(({ method, url, headers }, answer) => {
    asked.push([method, url, headers.connection, headers.host])
    answer.writeHead(asked.length === 1 ? 204 : 503).end()
  })
  await using p = proberOf({ path: '/ready?deep=1' })
  expect(await p.probe(backend.url, signal)).toEqual({ passed: true })
  expect(await p.probe(backend.url, signal)).toEqual({
    passed: false,
    why: 'GET /ready?deep=1 answered 503',
  })
  const host = `127.0.0.1:${backend.port}`
  expect(asked).toEqual(Array(2).fill(['GET', '/ready?deep=1', 'close', host]))
})

test('only a status within the expected ones passes', async () => {
  await using backend = await origin((_, answer) => void answer.writeHead(302).end())
  await using lenient = proberOf({})
  await using strict = proberOf({ statuses: [200, 200] })
  expect(await lenient.probe(backend.url, signal)).toEqual({ passed: true })
  expect(await strict.probe(backend.url, signal)).toMatchObject({ passed: false })
})

test('a refused connection fails at once, however long a check may take', async () => {
  const gone = await origin(() => undefined)
  await gone[Symbol.asyncDispose]()
  await using p = proberOf({ timeout: 3600, interval: 3600 })
  expect(await p.probe(gone.url, signal)).toEqual({ passed: false, why: 'connection refused' })
})

test('no answer in time fails', async () => {
  await using backend = await origin(() => undefined)
  await using p = proberOf({ timeout: 0.05 })
  expect(await p.probe(backend.url, signal)).toEqual({ passed: false, why: 'no answer in 0.05 s' })
})

test('a body that never ends holds nothing up', async () => {
  await using backend = await origin((_, answer) => {
    answer.writeHead(200)
    answer.write('more to come')
  })
  await using p = proberOf({})
  expect(await p.probe(backend.url, signal)).toEqual({ passed: true })
})

test('a check that is called off ends', async () => {
  const called = new AbortController()
  await using backend = await origin(() => called.abort())
  await using p = proberOf({ timeout: 3600, interval: 3600 })
  expect(await p.probe(backend.url, called.signal)).toMatchObject({ passed: false })
})
