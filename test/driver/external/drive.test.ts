import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { findDriver } from '../../../src/driver/index.ts'
import { which } from '../../../src/host/which.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { decode } from '../../../src/stats/histogram/histogram.ts'
import {
  after as afterMs,
  ok,
  scriptedServer,
  sometimes,
} from '../../support/http/scripted-server.ts'
import { load as loadOf, uncoordinated } from '../drive-load.ts'

const programs = (['wrk', 'h2load'] as const).map((driver) => ({
  driver,
  installed: which(driver) !== undefined,
}))

/** Drives in this process: the program is one of its own. */
async function driveLoad(load: Load, url: URL) {
  const events: string[] = []
  const control = uncoordinated(
    load,
    () => events.push('opened'),
    () => events.push('closed'),
  )
  const { signal } = new AbortController()
  return { report: await findDriver(load.driver).drive(load, url, control, signal), events }
}

describe.each(programs)('$driver', ({ driver, installed }) => {
  const load = (changes: Parameters<typeof loadOf>[0] = {}) => loadOf({ driver, ...changes })

  test.runIf(installed)('runs twice, and reports the second run with its latencies', async () => {
    await using server = await scriptedServer(afterMs(20))
    const { report, events } = await driveLoad(
      load({ warmup: { least: 0.3, most: 0.3 }, duration: 0.7 }),
      server.url,
    )
    expect(events).toEqual(['opened', 'closed'])
    expect(report.window).toMatchObject({ non2xx: 0, errors: 0, timeouts: 0, dropped: 0 })
    expect(report.window.ok).toBeLessThan(report.total.ok)
    // Each run cuts off one request of each connection; nothing else is missing.
    expect(report.cutOff).toBe(8)
    expect(server.requests - report.total.ok).toBeGreaterThanOrEqual(0)
    expect(server.requests - report.total.ok).toBeLessThanOrEqual(8)
    expect(report.bins.reduce((sum, count) => sum + count, 0)).toBe(report.total.ok)

    const latency = decode(report.latency)
    expect(latency.count).toBe(report.window.ok)
    expect(latency.min).toBeGreaterThanOrEqual(19_900)
    // Little: 4 connections are always busy, up to one response at each edge.
    const busy = (report.window.ok * report.meanSeconds) / report.windowSeconds
    expect(Math.abs(busy - 4)).toBeLessThan((8 * latency.max) / 1e6 / report.windowSeconds)
  })

  test.runIf(installed)(
    'a stall is in the latencies once for each connection, not more',
    async () => {
      let requests = 0
      const stalled = () => {
        requests++
        return requests > 40 && requests <= 44
          ? { answer: ok, atMs: performance.now() + 300 }
          : { answer: ok, atMs: performance.now() + 10 }
      }
      await using server = await scriptedServer(stalled)
      const { report } = await driveLoad(
        load({ warmup: { least: 0, most: 0 }, duration: 0.8 }),
        server.url,
      )
      const latency = decode(report.latency)
      expect(latency.count).toBe(report.window.ok)
      expect(latency.max).toBeGreaterThanOrEqual(299_000)
      expect(report.cutOff).toBe(4)
    },
  )

  test.runIf(installed)('other statuses are counted as such', async () => {
    const refused = { answer: 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno' }
    await using server = await scriptedServer(sometimes(5, { rare: refused, usual: afterMs(5) }))
    const { report } = await driveLoad(load({ warmup: { least: 0, most: 0 } }), server.url)
    const { ok: fine, non2xx } = report.total
    expect(Math.abs(non2xx - (fine + non2xx) / 5)).toBeLessThanOrEqual(4)
    expect(Object.values(report.errorKinds)).toEqual([non2xx])
  })

  /** The text of the requests that it sends on one connection, in lower case. */
  async function sent(request: Load['request']): Promise<string> {
    const received: string[] = []
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.setEncoding('latin1').on('data', (text: string) => {
        received.push(text)
        socket.write(ok)
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { report } = await driveLoad(
      load({ request, connections: 1, warmup: { least: 0, most: 0 }, duration: 0.3 }),
      new URL(`http://127.0.0.1:${port}`),
    )
    server.close()
    expect(report.window.ok).toBeGreaterThan(10)
    return received.join('').toLowerCase()
  }

  test.runIf(installed)('sends method, path, header fields and body of the load', async () => {
    const text = await sent({
      method: 'PUT',
      path: '/a?b=%20c',
      bodyBytes: 0,
      body: 'text of the body',
      headers: { 'x-token': 'abc', Host: 'example.org' },
    })
    expect(text).toContain('put /a?b=%20c http/1.1\r\n')
    expect(text).toContain('x-token: abc\r\n')
    expect(text).toContain('host: example.org\r\n')
    expect(text.split('host:').length).toBe(text.split('put /').length)
    expect(text).toContain('content-length: 16\r\n')
    expect(text).toContain('\r\n\r\ntext of the body')
  })

  test.runIf(installed)('a body changes no method, and a method needs no body', async () => {
    const withBody = await sent({ method: 'GET', path: '/', bodyBytes: 5 })
    expect(withBody).toContain('get / http/1.1\r\n')
    expect(withBody).toContain('\r\n\r\nxxxxx')
    const without = await sent({ method: 'POST', path: '/', bodyBytes: 0 })
    expect(without).toContain('post / http/1.1\r\n')
    expect(without.split('content-length: 0\r\n').length).toBe(without.split('post /').length)
  })

  test.runIf(installed)('a port that refuses gives no success', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const { report } = await driveLoad(
      load({ warmup: { least: 0, most: 0 }, duration: 0.3 }),
      new URL(`http://127.0.0.1:${port}`),
    )
    expect(report.total.ok).toBe(0)
    expect(report.errorKinds).toEqual(driver === 'wrk' ? { 'wrk: connect': 4 } : {})
  })
})
