import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { acceptsConnections } from '../../src/lab/ports.ts'
import { processFamily } from '../../src/meter/process-family.ts'
import { processUsage, residentBytes } from '../../src/meter/process-usage.ts'
import { targets } from '../../src/targets/index.ts'
import { stillRunning } from '../support/processes/still-running.ts'
import { echoBackends } from './echo-backends.ts'
import { startTestTarget } from './start-test-target.ts'

/** All targets that balance, the reference like all others. */
const balancers = await Promise.all(
  targets
    .filter(({ algorithms }) => Object.keys(algorithms).length > 0)
    .map(async (target) => ({ target, missing: await target.unavailable() })),
)

/** One request over a connection of its own, so that each worker may get it. */
function send(url: URL, { method = 'GET', body = '' } = {}) {
  const result = Promise.withResolvers<{ status: number; body: string; backend: string }>()
  const sent = request(url, { method, agent: false }, async (response) => {
    const received = (await buffer(response)).toString()
    const backend = String(response.headers['x-backend'])
    result.resolve({ status: response.statusCode ?? 0, body: received, backend })
  })
  sent.on('error', result.reject)
  sent.end(body)
  return result.promise
}

describe.for(balancers)('$target.name', ({ target, missing }) => {
  test.skipIf(missing)(
    'forwards requests and responses with unchanged bodies and status',
    async () => {
      await using backends = await echoBackends(3)
      await using balancer = await startTestTarget(target, backends)
      expect(await send(balancer.url)).toMatchObject({
        status: 200,
        body: expect.stringMatching(/^backend \d$/),
      })
      const body = 'x'.repeat(100_000)
      expect(await send(balancer.url, { method: 'POST', body })).toMatchObject({
        status: 200,
        body,
      })
    },
  )

  test.skipIf(missing)('uses HTTP/1.1 to backends, and adds the same fields', async () => {
    await using backends = await echoBackends(1)
    await using balancer = await startTestTarget(target, backends)
    await send(balancer.url)
    expect(backends.last?.httpVersion).toBe('1.1')
    expect(backends.last?.headers).toMatchObject({
      host: balancer.url.host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': balancer.url.host,
    })
    expect(backends.last?.headers).not.toHaveProperty('via')
  })

  test.skipIf(missing)('keeps its connections to backends open', async () => {
    await using backends = await echoBackends(1)
    await using balancer = await startTestTarget(target, backends)
    for (let i = 0; i < 30; i++) await send(balancer.url)
    expect(backends.counts).toEqual([30])
    expect(backends.connections[0]).toBeLessThanOrEqual(2)
  })

  test.skipIf(missing)('applies weights with weighted algorithms only', async () => {
    const weights = [5, 1, 1]
    for (const [algorithm, expected] of [
      ['weighted', [50, 10, 10]],
      ['round-robin', [24, 23, 23]],
    ] as const) {
      if (!(algorithm in target.algorithms)) continue
      await using backends = await echoBackends(3)
      await using balancer = await startTestTarget(target, backends, { algorithm, weights })
      for (let i = 0; i < 70; i++) await send(balancer.url)
      // A round may begin at any backend: each count is at most one off.
      for (const [i, count] of backends.counts.entries()) {
        expect(Math.abs(count - (expected[i] as number))).toBeLessThanOrEqual(1)
      }
    }
  })

  test.skipIf(missing)('no process is left after it was stopped, not even a worker', async () => {
    await using backends = await echoBackends(1)
    await using balancer = await startTestTarget(target, backends, { cores: 2 })
    const family = processFamily(balancer.pid as number)
    expect(family).toContain(balancer.pid)
    await balancer.running?.stop()
    expect(await stillRunning(family, 0)).toEqual([])
    expect(await acceptsConnections(Number(balancer.url.port))).toBe(false)
  })

  test.skipIf(missing)('its costs include all its processes', async () => {
    await using backends = await echoBackends(1)
    await using balancer = await startTestTarget(target, backends, { cores: 2 })
    await send(balancer.url)
    const first = balancer.pid as number
    const family = processFamily(first)
    const { threads } = processUsage(family)
    // Two workers, threads or processes; other processes count too.
    expect(threads.size).toBeGreaterThanOrEqual(2)
    expect(threads.size).toBeGreaterThanOrEqual(processUsage([first]).threads.size)
    // The readings are of different times: only memory of further processes exceeds what one process may add meanwhile.
    if (target.name === 'nginx') {
      expect(family).toHaveLength(3)
      expect(residentBytes(family)).toBeGreaterThan(1.5 * residentBytes([first]))
    }
  })

  test.skipIf(missing).for(Object.keys(target.algorithms))(
    '%s starts and responds',
    async (algorithm) => {
      await using backends = await echoBackends(3)
      await using balancer = await startTestTarget(target, backends, { algorithm })
      expect(await send(balancer.url)).toMatchObject({ status: 200 })
    },
  )

  test.skipIf(missing || target.warnings === undefined)('runs a template of the user', async () => {
    await using backends = await echoBackends(1)
    const [url] = backends.urls as [URL]
    const options = {
      arm: { name: 'a', target: target.name, algorithm: 'round-robin', cores: 1 },
      backends: [{ url, weight: 1 }],
      folder: '{scratch}',
      seed: 1,
      port: '{port}' as unknown as number,
    }
    // The configuration that lb writes, with placeholders for its port and directory.
    const template = target.configuration?.(options) ?? ''
    await using balancer = await startTestTarget(target, backends, { settings: { template } })
    expect(await send(balancer.url)).toMatchObject({ status: 200 })
  })

  test.skipIf(missing || target.warnings === undefined)(
    'rejects an invalid template with the error of the program',
    async () => {
      await using backends = await echoBackends(1)
      const settings = { template: 'wrokers 3;\n' }
      await expect(startTestTarget(target, backends, { settings })).rejects.toMatchObject({
        code: 'LB_USAGE',
        message: expect.stringMatching(/does not accept its configuration: \S/),
      })
    },
  )

  test.skipIf(missing)('has a version', async () => {
    expect(await target.version()).toMatch(/\d|built in/)
  })
})

test.for(balancers)('$target.name is installed, or has an installation hint', ({ missing }) => {
  if (missing !== undefined) expect(missing).toMatch(/is not installed: /)
})
