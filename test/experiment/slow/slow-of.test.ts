import { expect, test } from 'vitest'
import type { SlowReport, SlowRequest } from '../../../src/driver/slow-report.ts'
import { type SlowFacts, slowOf } from '../../../src/experiment/slow/slow-of.ts'
import { evenBins } from '../../../src/experiment/slow/stage-bins.ts'
import type { Pause } from '../../../src/kit/pause.ts'

const [openedMs, windowMs] = [1_000_000, 10_000]
const empty = { target: [], backends: [], waits: [] }

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
  const seen = (kind: Pause['kind']) => ({ seen: { ...empty, target: [pause(kind)] } })
  const queued = (...target: Pause[]) => ({
    seen: { ...empty, target, backends: [pause('queue')] },
  })
  expect(causeOf(facts([slow], seen('gc')))).toEqual(['target-gc'])
  expect(causeOf(facts([slow], seen('loop')))).toEqual(['target-loop'])
  expect(causeOf(facts([slow], seen('retry')))).toEqual(['retry'])
  expect(causeOf(facts([slow], seen('connect')))).toEqual(['target-connect'])
  expect(causeOf(facts([slow], queued()))).toEqual(['backend-queue'])
  const ejection = (fromMs: number): Pause => ({ kind: 'ejection', fromMs, untilMs: at + 9000 })
  expect(causeOf(facts([slow], queued(ejection(at - 1000))))).toEqual(['ejection'])
  expect(causeOf(facts([slow], queued(ejection(at + 20))))).toEqual(['backend-queue'])
  // An ejection alone makes no request slow.
  expect(causeOf(facts([slow], seen('ejection')))).toEqual(['unexplained'])
  expect(causeOf(facts([slow], { pauses: [pause('gc')] }))).toEqual(['driver-gc'])
  expect(causeOf(facts([slow], { pauses: [pause('loop')] }))).toEqual(['driver-loop'])
  for (const [name, cause] of [
    ['target', 'target-run-queue'],
    ['driver', 'driver-run-queue'],
    ['backends', 'backends-run-queue'],
    ['steal', 'steal'],
  ] as const) {
    expect(causeOf(facts([slow], { seen: { ...empty, waits: [{ ...wait, name }] } }))).toEqual([
      cause,
    ])
  }
  const sentMs = at + 36
  const late = request(at, 40, { arrivedMs: sentMs, sentMs, connectedMs: sentMs })
  expect(causeOf(facts([late]))).toEqual(['driver-late'])
  const inUse = request(at, 40, { sentMs, connectedMs: sentMs })
  expect(causeOf(facts([inUse]))).toEqual(['connections-in-use'])
  // All connections wait in the queue of a backend.
  expect(causeOf(facts([inUse], queued()))).toEqual(['backend-queue'])
  expect(causeOf(facts([request(at, 40, { connectedMs: at + 35 })]))).toEqual(['new-connection'])
  expect(causeOf(facts([slow]))).toEqual(['unexplained'])
})

test('an event loop that is late while it collects garbage or waits for a CPU is not the cause', () => {
  const at = openedMs + 500
  const slow = request(at, 40)
  const loop: Pause = { kind: 'loop', fromMs: at + 2, untilMs: at + 39 }
  const gc: Pause = { kind: 'gc', fromMs: at + 1, untilMs: at + 38 }
  const wait = { name: 'target', fromMs: at, untilMs: at + 40, waitedMs: 37 } as const
  const of = (seen: Partial<SlowFacts['seen']>) =>
    slowOf(facts([slow], { seen: { ...empty, ...seen } }))?.requests
  expect(of({ target: [loop, gc], waits: [] })).toEqual({ 'target-gc': 1 })
  expect(of({ target: [loop], waits: [wait] })).toEqual({ 'target-run-queue': 1 })
  expect(of({ target: [loop], waits: [] })).toEqual({ 'target-loop': 1 })
})

test('a late event loop is a wait for a CPU as far as its thread waited for one, whatever readings from outside missed', () => {
  const at = openedMs + 500
  const loop: Pause = { kind: 'loop', fromMs: at + 2, untilMs: at + 39 }
  const of = (waitedMs: number, more: readonly Pause[] = []) => {
    const wait: Pause = { kind: 'wait', fromMs: loop.untilMs - waitedMs, untilMs: loop.untilMs }
    const target = [loop, wait, ...more]
    return slowOf(facts([request(at, 40)], { seen: { ...empty, target } }))?.requests
  }
  expect(of(38)).toEqual({ 'target-run-queue': 1 })
  expect(of(5)).toEqual({ 'target-loop': 1 })
  // Neither was half of the time.
  expect(of(18.5)).toEqual({ unexplained: 1 })
  // In a collection a thread waits for its helper threads, too.
  expect(of(38, [{ kind: 'gc', fromMs: at + 1, untilMs: at + 39 }])).toEqual({ 'target-gc': 1 })
})

test('waits that drivers and backends read themselves name their role', () => {
  const at = openedMs + 500
  const wait: Pause = { kind: 'wait', fromMs: at + 1, untilMs: at + 38 }
  const of = (backends: readonly Pause[], pauses: readonly Pause[]) =>
    slowOf(facts([request(at, 40)], { seen: { ...empty, backends }, pauses }))?.requests
  expect(of([], [wait])).toEqual({ 'driver-run-queue': 1 })
  expect(of([wait], [])).toEqual({ 'backends-run-queue': 1 })
})

test('a wait that may have been at any time names nothing, unless it fills that time', () => {
  const at = openedMs + 500
  const of = (waitedMs: number) => {
    const wait = { name: 'target', fromMs: at - 1000, untilMs: at + 1000, waitedMs } as const
    return slowOf(facts([request(at, 40)], { seen: { ...empty, waits: [wait] } }))?.requests
  }
  expect(of(200)).toEqual({ unexplained: 1 })
  expect(of(1900)).toEqual({ 'target-run-queue': 1 })
})

test('a collection that waits for a CPU is not the cause, one whose helper threads make others wait is', () => {
  const at = openedMs + 500
  const gc: Pause = { kind: 'gc', fromMs: at + 1, untilMs: at + 38 }
  const of = (name: 'driver' | 'target', waitedMs: number) => {
    const wait = { name, fromMs: at, untilMs: at + 40, waitedMs }
    const seen = { ...empty, waits: [wait] }
    return Object.keys(slowOf(facts([request(at, 40)], { seen, pauses: [gc] }))?.requests ?? {})
  }
  expect(of('driver', 30)).toEqual(['driver-run-queue'])
  expect(of('driver', 8)).toEqual(['driver-gc'])
  // The target waits for as long as the driver collects.
  expect(of('target', 39)).toEqual(['driver-gc'])
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
  const seen = { ...empty, target: [gc] }
  const stalls = (counts: readonly number[]) =>
    slowOf(facts([], { bins: evenBins(counts), seen }))?.stalls
  expect(stalls(bins)).toEqual({ 'target-gc': 1, unexplained: 1 })
  expect(stalls(bins.map((count) => count / 40))).toEqual({})
})

test('without a driver that knows its requests nothing is named', () => {
  expect(slowOf({ ...facts([]), reports: [] })).toBeUndefined()
})
