import { expect, test } from 'vitest'
import { driveFleet } from '../../../src/driver/fleet/drive-fleet.ts'
import { modulePath } from '../../../src/kit/module-path.ts'
import { startProcess } from '../../../src/lab/process.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { decode } from '../../../src/stats/histogram/histogram.ts'
import { after, scriptedServer } from '../../support/http/scripted-server.ts'
import { load, openLoad } from '../drive-load.ts'

/** Drives a load by three processes. */
async function driveByThree(options: Load, url: URL) {
  const file = modulePath('../../../src/driver/main', import.meta.url)
  await using started = new AsyncDisposableStack()
  const drivers = await Promise.all(
    [1, 2, 3].map(async (n) => started.use(await startProcess({ name: `driver ${n} of 3`, file }))),
  )
  return await driveFleet(drivers, { load: options, url, signal: new AbortController().signal })
}

test('three drivers send the arrivals of one, each in its turn, and count every request once', async () => {
  await using server = await scriptedServer(after(50))
  const { planned = 0, window, total, ...report } = await driveByThree(openLoad(300), server.url)
  // 300 a second for half a second, give or take one at each edge of each driver's window.
  expect(Math.abs(planned - 150)).toBeLessThanOrEqual(3)
  expect(window).toEqual({ ok: planned, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 })
  expect(total.ok).toBe(server.requests)
  expect(decode(report.latency).count).toBe(planned)
  expect(decode(report.latency).min).toBeGreaterThanOrEqual(49_900)
  expect(report).toMatchObject({ lost: [], drivers: [{ number: 1 }, { number: 2 }, { number: 3 }] })
})

test.for(['lean', 'autocannon'])('three drivers of %s share the connections', async (driver) => {
  await using server = await scriptedServer(after(10))
  const { total, inFlight, drivers, bins } = await driveByThree(
    load({ driver, connections: 7 }),
    server.url,
  )
  expect(server.connections).toBe(7)
  expect(total).toMatchObject({ ok: server.requests, errors: 0, timeouts: 0 })
  expect(inFlight.opened).toBeLessThanOrEqual(7)
  expect(bins.reduce((sum, count) => sum + count, 0)).toBe(total.ok)
  expect(drivers).toHaveLength(3)
})
