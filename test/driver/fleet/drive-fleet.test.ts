import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DriverReport } from '../../../src/driver/driver.ts'
import { driveFleet, type FleetLoad } from '../../../src/driver/fleet/drive-fleet.ts'
import type { DriverChannel } from '../../../src/driver/fleet/fleet-member.ts'
import { ProcessError, UsageError } from '../../../src/kit/errors.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import { load } from '../drive-load.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A driver that exists as messages only. */
function fakeDriver(name: string) {
  const messages = new EventEmitter()
  const received: string[] = []
  const driven = Promise.withResolvers<DriverReport>()
  const channel: DriverChannel = {
    name,
    async call<Result>(handler: string, payload?: unknown) {
      received.push(handler === 'open' ? `open ${JSON.stringify(payload)}` : handler)
      return (handler === 'drive' ? driven.promise : undefined) as Result
    },
    on(event, listener) {
      messages.on(event, listener)
      return () => messages.off(event, listener)
    },
  }
  return {
    channel,
    received,
    send: (event: string, payload: unknown = null) => void messages.emit(event, payload),
    report: (ok: number) => driven.resolve(reportOf(ok)),
    end: (error: Error) => driven.reject(error),
  }
}

function reportOf(ok: number): DriverReport {
  const counts = { ok, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
  return {
    ...{ windowSeconds: 1, warmupSeconds: 1, steady: true, window: counts, total: counts },
    ...{ inFlight: { opened: 0, closed: 0 }, latency: histogram().encode(), meanSeconds: 0.1 },
    ...{ bins: [], errorKinds: {} },
  }
}

/** A fleet of three under a load of ten minutes, and a promise of its report. */
function fleetOfThree(differs: Partial<FleetLoad> = {}) {
  const drivers = [1, 2, 3].map((number) => fakeDriver(`driver ${number} of 3`))
  const report = driveFleet(
    drivers.map(({ channel }) => channel),
    {
      load: load({ connections: 9, warmup: { least: 1, most: 5 }, duration: 600 }),
      url: new URL('http://127.0.0.1:1/'),
      signal: new AbortController().signal,
      ...differs,
    },
  )
  report.catch(() => undefined)
  return { drivers, report }
}

/** Lets so many milliseconds pass; drivers that are not silent send a message in each second. */
async function pass(ms: number, alive: readonly ReturnType<typeof fakeDriver>[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    await vi.advanceTimersByTimeAsync(Math.min(1000, ms - passed))
    for (const driver of alive) driver.send('alive')
  }
}

test('the load begins once the last driver is ready', async () => {
  const { drivers } = fleetOfThree()
  for (const driver of drivers.slice(1)) driver.send('ready')
  await pass(3000, drivers)
  expect(drivers.map(({ received }) => received)).toEqual([['drive'], ['drive'], ['drive']])
  drivers[0]?.send('ready')
  await pass(0, drivers)
  await vi.advanceTimersByTimeAsync(0)
  expect(drivers.map(({ received }) => received.at(-1))).toEqual(['begin', 'begin', 'begin'])
})

test('the window opens for all once the sum of their throughputs is steady, though none of them is', async () => {
  const { drivers } = fleetOfThree()
  for (const driver of drivers) driver.send('ready')
  // Each rises or falls; together they have 300 responses in each 100 ms.
  for (let bin = 0; bin < 12; bin++) {
    await vi.advanceTimersByTimeAsync(100)
    for (const [i, driver] of drivers.entries()) driver.send('bins', [100 + (i - 1) * 8 * bin])
  }
  await vi.advanceTimersByTimeAsync(200)
  const open = 'open {"steady":true}'
  expect(drivers.map(({ received }) => received.at(-1))).toEqual([open, open, open])
})

test('the window opens after the maximum warm-up although throughput is not steady', async () => {
  const { drivers } = fleetOfThree()
  for (const driver of drivers) driver.send('ready')
  for (let bin = 0; bin < 52; bin++) {
    await vi.advanceTimersByTimeAsync(100)
    for (const driver of drivers) driver.send('bins', [10 * bin])
  }
  expect(drivers.map(({ received }) => received.at(-1))).toEqual(
    Array(3).fill('open {"steady":false}'),
  )
})

test('the meters read their counters when the first driver opens and closes its window', async () => {
  const seen: string[] = []
  const { drivers, report } = fleetOfThree({
    opened: () => seen.push('opened'),
    closed: () => seen.push('closed'),
  })
  for (const event of ['ready', 'opened', 'closed'])
    for (const driver of drivers) driver.send(event)
  for (const driver of drivers) driver.report(10)
  await expect(report).resolves.toMatchObject({ window: { ok: 30 }, lost: [], differing: [] })
  expect(seen).toEqual(['opened', 'closed'])
})

test('a driver that ends is lost by name, the others are kept', async () => {
  const { drivers, report } = fleetOfThree()
  for (const driver of drivers) driver.send('ready')
  drivers[1]?.end(new ProcessError('driver 2 of 3 was ended by SIGKILL', ''))
  drivers[0]?.report(10)
  drivers[2]?.report(5)
  const { window, lost, drivers: parts } = await report
  expect(lost).toEqual([{ number: 2, of: 3, detail: 'driver 2 of 3 was ended by SIGKILL' }])
  expect(window.ok).toBe(15)
  expect(parts.map(({ number }) => number)).toEqual([1, 3])
})

test('a driver that becomes silent is lost, and neither barrier nor window waits for it', async () => {
  const { drivers, report } = fleetOfThree()
  const [first, , last] = drivers
  first?.send('ready')
  last?.send('ready')
  await pass(12_000, [first, last] as ReturnType<typeof fakeDriver>[])
  expect(first?.received).toContain('begin')
  await pass(6000, [first, last] as ReturnType<typeof fakeDriver>[])
  expect(first?.received.at(-1)).toBe('open {"steady":false}')
  first?.report(1)
  last?.report(1)
  expect((await report).lost).toEqual([
    { number: 2, of: 3, detail: 'driver 2 of 3 was silent for 10 s' },
  ])
})

test('a fleet whose drivers are all lost fails, without waiting for the end of the warm-up', async () => {
  const { drivers, report } = fleetOfThree()
  for (const driver of drivers) driver.send('ready')
  for (const driver of drivers) driver.end(new ProcessError(`${driver.channel.name} has ended`, ''))
  await expect(report).rejects.toThrow('driver 1 of 3 has ended')
})

test('a load that cannot be driven fails, and all drivers end theirs', async () => {
  const { drivers, report } = fleetOfThree()
  drivers[2]?.end(new UsageError('an open loop needs arrivals', 'Give the rate.'))
  await expect(report).rejects.toThrow('an open loop needs arrivals')
  expect(drivers.map(({ received }) => received.at(-1))).toEqual(['abort', 'abort', 'abort'])
})

test('an aborted load rejects with the reason of its signal', async () => {
  const aborter = new AbortController()
  const { drivers, report } = fleetOfThree({ signal: aborter.signal })
  for (const driver of drivers) driver.send('ready')
  await vi.advanceTimersByTimeAsync(10)
  aborter.abort(new Error('Ctrl-C'))
  await expect(report).rejects.toThrow('Ctrl-C')
})

test('an observer gets the responses of all drivers together, each bin once, from all that are not lost', async () => {
  const seen: (string | readonly number[])[] = []
  const { drivers } = fleetOfThree({
    observer: {
      begun: ({ connections }) => seen.push(`${connections} connections`),
      counted: (responses) => seen.push(responses),
    },
  })
  const [first, second, third] = drivers
  for (const driver of drivers) driver.send('ready')
  await vi.advanceTimersByTimeAsync(0)
  first?.send('bins', [1, 2, 3])
  second?.send('bins', [10])
  third?.send('bins', [100, 200])
  second?.send('bins', [20, 30])
  expect(seen).toEqual(['9 connections', [111], [222]])
  third?.end(new ProcessError('driver 3 of 3 was ended by SIGKILL', ''))
  await vi.advanceTimersByTimeAsync(0)
  first?.send('bins', [4])
  expect(seen.slice(3)).toEqual([[33]])
})
