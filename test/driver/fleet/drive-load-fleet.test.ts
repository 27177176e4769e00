import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { driveLoadFleet } from '../../../src/driver/fleet/drive-load-fleet.ts'
import type { DriverChannel, RemoteDriver } from '../../../src/driver/fleet/fleet-member.ts'
import type { DriverLoadReport } from '../../../src/driver/journey/load-report.ts'
import { ProcessError } from '../../../src/kit/errors.ts'
import type { LoadSample } from '../../../src/result/load-sample.ts'
import { decode, histogram } from '../../../src/stats/histogram/histogram.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function times(micros: readonly number[]): string {
  const recorded = histogram()
  for (const one of micros) recorded.record(one)
  return recorded.encode()
}

const counts = (micros: readonly number[], failed = {}) => ({
  ...{ ok: micros.length, failed, checks: { passed: 0, failed: 0 }, latency: times(micros) },
})

function sample(atMs: number, micros: readonly number[]): LoadSample {
  const own = counts(micros)
  return { atMs, stage: 0, planned: 2, sent: micros.length, ...own, steps: { get: own } }
}

function report(micros: readonly number[]): DriverLoadReport {
  const { ok, failed, latency } = counts(micros)
  return {
    stages: [
      {
        ...{
          planned: 10,
          sent: ok,
          visits: ok,
          finished: ok,
          cut: 0,
          notSent: {},
          lateness: times([1]),
        },
        steps: { get: { ok, failed, checks: {}, latency } },
      },
    ],
    ...{
      unfinished: 0,
      seconds: 1,
      metrics: {},
      busy: 0,
      stalled: 0,
      cpuSeconds: 0,
      aborted: false,
    },
  }
}

/** A driver that the test plays. */
function fakeDriver(number: number, remote?: RemoteDriver) {
  const listeners = new Map<string, (payload: unknown) => void>()
  const reported = Promise.withResolvers<unknown>()
  const received: string[] = []
  let part: unknown
  const channel: DriverChannel = {
    name: `driver ${number} of 3 on n${number}`,
    call(handler, payload) {
      received.push(handler)
      if (handler === 'load') part = payload
      return (handler === 'load' ? reported.promise : Promise.resolve(null)) as Promise<never>
    },
    on(event, listener) {
      listeners.set(event, listener)
      return () => listeners.delete(event)
    },
    ...(remote && { remote }),
  }
  return {
    ...{ channel, received, reported },
    part: () => part,
    send: (event: string, payload?: unknown) => listeners.get(event)?.(payload),
  }
}

const load = {
  plan: {
    stages: [{ name: 'hold', seconds: 1, model: 'open', from: 30, to: 30 }],
    spacing: 'constant',
    journeys: [],
    data: {},
    thresholds: [],
  },
  ...{ url: 'http://127.0.0.1:1/', timeout: 1, connections: 3, maxInFlight: 30, seed: 1 },
} as const

/** Three drivers on nodes that begin so many ms late, as far as their clocks are known. */
function fleetOfNodes(lateMs: readonly number[]) {
  const moments: number[] = []
  const drivers = lateMs.map((late, i) =>
    fakeDriver(i + 1, {
      node: `n${i + 1}`,
      leadMs: 10 + i,
      async beginAt(atMs) {
        moments.push(atMs)
        return { atMs: atMs + late, boundMs: 0.1 * (i + 1) }
      },
    }),
  )
  const sampled: LoadSample[] = []
  const driven = driveLoadFleet(
    drivers.map(({ channel }) => channel),
    {
      load,
      signal: new AbortController().signal,
      sampled: (samples) => sampled.push(...samples),
    },
  )
  driven.catch(() => undefined)
  return { drivers, driven, moments, sampled }
}

test('drivers on nodes warm up their code before they are ready, those of this host do not', () => {
  const { drivers } = fleetOfNodes([0, 0, 0])
  for (const one of drivers) expect(one.part()).toMatchObject({ warmUp: expect.any(Number) })
  const own = fakeDriver(1)
  const { signal } = new AbortController()
  driveLoadFleet([own.channel], { load, signal }).catch(() => undefined)
  expect(own.part()).not.toHaveProperty('warmUp')
})

test('drivers on nodes begin at one moment, once the last of them is ready, and how far apart is reported', async () => {
  const { drivers, driven, moments } = fleetOfNodes([0, 0.25, 1])
  drivers[0]?.send('ready')
  drivers[1]?.send('ready')
  await vi.advanceTimersByTimeAsync(100)
  expect(moments).toEqual([])
  drivers[2]?.send('ready')
  await vi.advanceTimersByTimeAsync(0)
  expect(new Set(moments).size).toBe(1)
  for (const one of drivers) one.reported.resolve(report([5000, 5000]))
  const { start, lost } = await driven
  expect(start?.spreadMs).toBeCloseTo(1, 3)
  expect(start?.boundMs).toBeCloseTo(0.5, 6)
  expect(lost).toEqual([])
})

test('a lost driver is counted up to its last sample, named with its host, and its load is not moved', async () => {
  const { drivers, driven, sampled } = fleetOfNodes([0, 0, 0])
  for (const one of drivers) one.send('ready')
  await vi.advanceTimersByTimeAsync(0)
  for (const one of drivers) one.send('samples', [sample(100, [5000, 7000])])
  drivers[1]?.send('samples', [sample(200, [9000])])
  drivers[1]?.reported.reject(new ProcessError('driver 2 of 3 on n2 was ended by SIGKILL', ''))
  await vi.advanceTimersByTimeAsync(0)
  drivers[0]?.send('samples', [sample(200, [5000])])
  drivers[2]?.send('samples', [sample(200, [5000])])
  drivers[0]?.reported.resolve(report([5000, 7000, 5000]))
  drivers[2]?.reported.resolve(report([5000, 7000, 5000]))
  const { stages, lost } = await driven
  expect(lost).toEqual([
    { number: 2, detail: 'driver 2 of 3 on n2 was ended by SIGKILL', node: 'n2', seconds: 0.2 },
  ])
  const [stage] = stages
  expect(stage).toMatchObject({ sent: 9 })
  expect(stage?.steps.get).toMatchObject({ ok: 9 })
  expect(decode(stage?.steps.get?.latency ?? '').count).toBe(9)
  expect(decode(stage?.steps.get?.latency ?? '').max).toBeGreaterThanOrEqual(9000)
  // Those who follow the run have seen each request once, too.
  expect(sampled.reduce((sum, { ok }) => sum + ok, 0)).toBe(9)
})

test('a driver on a node that sends nothing for 3 s is lost', async () => {
  const { drivers, driven } = fleetOfNodes([0, 0, 0])
  for (const one of drivers) one.send('ready')
  await vi.advanceTimersByTimeAsync(0)
  for (let i = 1; i <= 40; i++) {
    await vi.advanceTimersByTimeAsync(100)
    for (const one of i > 5 ? [drivers[0], drivers[2]] : drivers) {
      one?.send('samples', [sample(100 * i, [5000])])
    }
  }
  drivers[0]?.reported.resolve(report([5000]))
  drivers[2]?.reported.resolve(report([5000]))
  expect((await driven).lost).toEqual([
    { number: 2, detail: 'driver 2 of 3 on n2 was silent for 3 s', node: 'n2', seconds: 0.5 },
  ])
})

test('without any driver there is no result', async () => {
  const { drivers, driven } = fleetOfNodes([0, 0, 0])
  for (const [i, one] of drivers.entries()) {
    one.send('ready')
    one.reported.reject(new ProcessError(`driver ${i + 1} of 3 has ended`, ''))
  }
  await expect(driven).rejects.toThrow('driver 1 of 3 has ended')
})
