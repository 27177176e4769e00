import { expect, test } from 'vitest'
import type { SlowReport, SlowRequest } from '../../../src/driver/slow-report.ts'
import { type SlowFacts, slowOf } from '../../../src/experiment/slow/slow-of.ts'
import type { Pause } from '../../../src/kit/pause.ts'
import { seeded } from '../../../src/kit/random.ts'

const [openedMs, windowMs] = [1_000_000, 10_000]
const empty = { target: [], waits: [] }

const request = (dueMs: number, ms: number, more: Partial<SlowRequest> = {}): SlowRequest => ({
  ...{ dueMs, arrivedMs: dueMs, sentMs: dueMs, connectedMs: dueMs, endedMs: dueMs + ms },
  ...more,
})

function facts(
  requests: readonly SlowRequest[],
  more: Partial<Omit<SlowFacts, 'reports'>> & { readonly pauses?: readonly Pause[] } = {},
): SlowFacts {
  const { pauses = [], ...rest } = more
  const report: SlowReport = { boot: 'one', binsFromMs: openedMs, openedMs, requests, pauses }
  return {
    ...{ reports: [report], responses: requests.length, medianMs: 1, bins: [], windowMs },
    ...{ seen: empty, ...rest },
  }
}

test('each kind of cause is named by what saw it', () => {
  const at = openedMs + 500
  const slow = request(at, 40)
  const pause = (kind: Pause['kind']): Pause => ({ kind, fromMs: at + 5, untilMs: at + 38 })
  const wait = { name: 'target', fromMs: at, untilMs: at + 40, waitedMs: 30 } as const
  const causeOf = (given: SlowFacts) => Object.keys(slowOf(given)?.requests ?? {})
  const seen = (kind: Pause['kind']) => ({ seen: { target: [pause(kind)], waits: [] } })
  expect(causeOf(facts([slow], seen('gc')))).toEqual(['target-gc'])
  expect(causeOf(facts([slow], seen('loop')))).toEqual(['target-loop'])
  expect(causeOf(facts([slow], seen('retry')))).toEqual(['retry'])
  expect(causeOf(facts([slow], seen('connect')))).toEqual(['target-connect'])
  expect(causeOf(facts([slow], { pauses: [pause('gc')] }))).toEqual(['driver-gc'])
  expect(causeOf(facts([slow], { pauses: [pause('loop')] }))).toEqual(['driver-loop'])
  for (const [name, cause] of [
    ['target', 'target-run-queue'],
    ['driver', 'driver-run-queue'],
    ['backends', 'backends-run-queue'],
    ['steal', 'steal'],
  ] as const) {
    expect(causeOf(facts([slow], { seen: { target: [], waits: [{ ...wait, name }] } }))).toEqual([
      cause,
    ])
  }
  const sentMs = at + 36
  const late = request(at, 40, { arrivedMs: sentMs, sentMs, connectedMs: sentMs })
  expect(causeOf(facts([late]))).toEqual(['driver-late'])
  const queued = request(at, 40, { sentMs, connectedMs: sentMs })
  expect(causeOf(facts([queued]))).toEqual(['connections-in-use'])
  expect(causeOf(facts([request(at, 40, { connectedMs: at + 35 })]))).toEqual(['new-connection'])
  expect(causeOf(facts([slow]))).toEqual(['unexplained'])
})

test('an event loop that is late while it collects garbage or waits for a CPU is not the cause', () => {
  const at = openedMs + 500
  const slow = request(at, 40)
  const loop: Pause = { kind: 'loop', fromMs: at + 2, untilMs: at + 39 }
  const gc: Pause = { kind: 'gc', fromMs: at + 1, untilMs: at + 38 }
  const wait = { name: 'target', fromMs: at, untilMs: at + 40, waitedMs: 37 } as const
  const of = (seen: SlowFacts['seen']) => slowOf(facts([slow], { seen }))?.requests
  expect(of({ target: [loop, gc], waits: [] })).toEqual({ 'target-gc': 1 })
  expect(of({ target: [loop], waits: [wait] })).toEqual({ 'target-run-queue': 1 })
  expect(of({ target: [loop], waits: [] })).toEqual({ 'target-loop': 1 })
})

test('a wait that may have been at any time names nothing, unless it fills that time', () => {
  const at = openedMs + 500
  const of = (waitedMs: number) => {
    const wait = { name: 'target', fromMs: at - 1000, untilMs: at + 1000, waitedMs } as const
    return slowOf(facts([request(at, 40)], { seen: { target: [], waits: [wait] } }))?.requests
  }
  expect(of(200)).toEqual({ unexplained: 1 })
  expect(of(1900)).toEqual({ 'target-run-queue': 1 })
})

test('a driver that is late because it pauses is named by the pause', () => {
  const at = openedMs + 500
  const late = request(at, 40, { arrivedMs: at + 38, sentMs: at + 38, connectedMs: at + 38 })
  const pauses: Pause[] = [{ kind: 'gc', fromMs: at, untilMs: at + 37 }]
  expect(slowOf(facts([late], { pauses }))?.requests).toEqual({ 'driver-gc': 1 })
})

test('requests above p99.9 are looked at, and at least the ten slowest', () => {
  const requests = Array.from({ length: 60 }, (_, i) => request(openedMs + 100 * i, i + 2))
  const count = (responses: number) => slowOf(facts(requests, { responses }))?.requests.unexplained
  expect(count(500)).toBe(10)
  expect(count(40_000)).toBe(40)
  const { slowest = [] } = slowOf(facts(requests)) ?? {}
  expect(slowest[0]).toEqual({ at: 5.9, seconds: 0.061, cause: 'unexplained' })
})

test('a bin with less than half the usual responses is a stall, and has a cause, too', () => {
  const bins = Array.from({ length: 100 }, () => 200)
  bins[30] = 20
  // It begins before the window, and few responses may be chance.
  bins[99] = 60
  const gc: Pause = { kind: 'gc', fromMs: openedMs + 3005, untilMs: openedMs + 3095 }
  const seen = { target: [gc], waits: [] }
  expect(slowOf(facts([], { bins, seen }))?.stalls).toEqual({ 'target-gc': 1, unexplained: 1 })
  const few = bins.map((count) => count / 40)
  expect(slowOf(facts([], { bins: few, seen }))?.stalls).toEqual({})
})

test('without a driver that knows its requests nothing is named', () => {
  expect(slowOf({ ...facts([]), reports: [] })).toBeUndefined()
})

test('of causes planted among noise at least 90 % are named right, and at most 5 % wrong', () => {
  const random = seeded(17)
  const between = (low: number, high: number) => low + random() * (high - low)
  const planted = (['target-gc', 'target-loop', 'target-run-queue', 'driver-gc'] as const).flatMap(
    (cause) => Array.from({ length: 20 }, () => ({ cause, atMs: 0, ms: between(20, 60) })),
  )
  for (const [i, one] of planted.entries()) one.atMs = openedMs + 120 * i + between(0, 40)
  const of = (cause: (typeof planted)[number]['cause']) =>
    planted.filter((one) => one.cause === cause)
  const pausesOf = (cause: (typeof planted)[number]['cause'], kind: Pause['kind']): Pause[] =>
    of(cause).map(({ atMs, ms }) => ({ kind, fromMs: atMs, untilMs: atMs + ms }))
  // Small pauses and waits everywhere, as a busy host has them; a late loop with every longer pause.
  const noise = Array.from({ length: 400 }, (): Pause => {
    const fromMs = openedMs + between(0, 10_000)
    return { kind: 'gc', fromMs, untilMs: fromMs + between(0.3, 3) }
  })
  const ticks = Array.from({ length: 960 }, (_, i) => {
    const fromMs = openedMs + 10 * i
    const waitedMs = of('target-run-queue').reduce(
      (sum, { atMs, ms }) =>
        sum + Math.max(0, Math.min(fromMs + 10, atMs + ms) - Math.max(fromMs, atMs)),
      random() < 0.2 ? between(1, 4) : 0,
    )
    return { name: 'target' as const, fromMs, untilMs: fromMs + 10, waitedMs }
  }).filter(({ waitedMs }) => waitedMs >= 1)
  const late = planted
    .filter(({ cause }) => cause === 'target-gc' || cause === 'target-run-queue')
    .map(({ atMs, ms }): Pause => ({ kind: 'loop', fromMs: atMs + 3, untilMs: atMs + ms }))
  const requests = planted.map(({ atMs, ms }) => {
    const before = between(0, 0.4 * ms)
    return request(atMs - between(0, 1) + before, ms - before + 1)
  })
  const target = [...pausesOf('target-gc', 'gc'), ...pausesOf('target-loop', 'loop'), ...late]
  const { slowest = [], requests: counts = {} } =
    slowOf(
      facts(requests, {
        responses: 80_000,
        seen: { target: [...target, ...noise], waits: ticks },
        pauses: pausesOf('driver-gc', 'gc'),
      }),
    ) ?? {}
  expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(80)
  const right = slowest.filter(({ at, cause }) =>
    of(cause as never).some(({ atMs, ms }) => {
      const fromMs = openedMs + at * 1e3
      return fromMs > atMs - 2 && fromMs < atMs + ms
    }),
  )
  const wrong = slowest.filter((one) => one.cause !== 'unexplained' && !right.includes(one))
  expect(right.length / slowest.length).toBeGreaterThanOrEqual(0.9)
  expect(wrong.length / slowest.length).toBeLessThanOrEqual(0.05)
})
