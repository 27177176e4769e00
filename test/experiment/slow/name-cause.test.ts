import { expect, test } from 'vitest'
import type { CauseSpan } from '../../../src/experiment/slow/cause-span.ts'
import { nameCause } from '../../../src/experiment/slow/name-cause.ts'

const request = { fromMs: 100, untilMs: 140, excessMs: 38 }
const gc = (fromMs: number, untilMs: number): CauseSpan => ({ cause: 'target-gc', fromMs, untilMs })
const waits = (ms: number): CauseSpan => ({
  ...{ cause: 'driver-run-queue', fromMs: 100, untilMs: 140 },
  ms,
})

test('the longest overlap that covers at least half of the excess names the cause', () => {
  expect(nameCause(request, [gc(110, 135)])).toBe('target-gc')
  expect(nameCause(request, [gc(110, 128)])).toBe('unexplained')
  expect(nameCause(request, [gc(110, 132), waits(30)])).toBe('driver-run-queue')
})

test('only the part inside the request counts', () => {
  expect(nameCause(request, [gc(0, 110), gc(138, 300)])).toBe('unexplained')
  expect(nameCause(request, [gc(0, 125)])).toBe('target-gc')
})

test('several pauses of one cause add up, those of two threads at once count once', () => {
  expect(nameCause(request, [gc(100, 110), gc(120, 130)])).toBe('target-gc')
  expect(nameCause(request, [gc(100, 110), gc(101, 109), gc(100, 110)])).toBe('unexplained')
})

test('of two causes that cover the same the one is named whose time is known exactly', () => {
  expect(nameCause(request, [waits(25), gc(110, 135)])).toBe('target-gc')
})

test('a request that took no longer than usual has no cause', () => {
  expect(nameCause({ ...request, excessMs: 0 }, [])).toBe('unexplained')
})

test('a connection that opens late since a thread pauses is not the cause', () => {
  const connect: CauseSpan = { cause: 'target-connect', fromMs: 100, untilMs: 139 }
  expect(nameCause(request, [connect])).toBe('target-connect')
  expect(nameCause(request, [connect, gc(110, 135)])).toBe('target-gc')
  expect(nameCause(request, [connect, gc(110, 115)])).toBe('target-connect')
})

test('of two threads that waited in one tick the longer wait counts', () => {
  const tick: Omit<CauseSpan, 'ms'> = { cause: 'target-run-queue', fromMs: 100, untilMs: 140 }
  expect(
    nameCause(request, [
      { ...tick, ms: 2 },
      { ...tick, ms: 30 },
    ]),
  ).toBe('target-run-queue')
})

test('waits for a CPU in one role after the other count together, and the longest names them', () => {
  const wait = (role: 'target' | 'driver' | 'backends', fromMs: number, untilMs: number) => ({
    ...({ cause: `${role}-run-queue`, fromMs, untilMs } as const),
  })
  const inTurn = [wait('driver', 100, 112), wait('target', 112, 128), wait('backends', 128, 140)]
  expect(nameCause(request, inTurn)).toBe('target-run-queue')
  // All of them waited at once, for less than half of the time.
  const atOnce = [wait('driver', 100, 112), wait('target', 101, 112), wait('backends', 102, 112)]
  expect(nameCause(request, atOnce)).toBe('unexplained')
})

test('a wait of one request counts without the time in which threads waited for a CPU', () => {
  const connect: CauseSpan = { cause: 'target-connect', fromMs: 100, untilMs: 130 }
  const waited = (untilMs: number): CauseSpan => ({
    ...{ cause: 'backends-run-queue', fromMs: 104, untilMs },
  })
  expect(nameCause(request, [connect, waited(112)])).toBe('target-connect')
  expect(nameCause(request, [connect, waited(121)])).toBe('unexplained')
})

test('a time that is known exactly counts once, beside a reading that has it, too', () => {
  const exact: CauseSpan = { cause: 'driver-run-queue', fromMs: 100, untilMs: 115 }
  expect(nameCause(request, [exact, waits(15)])).toBe('unexplained')
  expect(nameCause(request, [exact, waits(25)])).toBe('driver-run-queue')
  // Of a thread that hardly waited, in a reading that began before.
  const short: CauseSpan = { cause: 'driver-run-queue', fromMs: 60, untilMs: 140, ms: 2 }
  const long: CauseSpan = { cause: 'driver-run-queue', fromMs: 101, untilMs: 139 }
  expect(nameCause(request, [short, long])).toBe('driver-run-queue')
})

test('waits of several roles count together only where no cause alone covers half of the excess', () => {
  const wait = (role: 'target' | 'driver', fromMs: number, untilMs: number): CauseSpan => ({
    cause: `${role}-run-queue` as const,
    fromMs,
    untilMs,
  })
  const beside = [wait('target', 102, 115), wait('driver', 115, 128)]
  expect(nameCause(request, [...beside, gc(100, 120)])).toBe('target-gc')
  const connect: CauseSpan = { cause: 'target-connect', fromMs: 100, untilMs: 139 }
  const brief = [wait('target', 100, 110), wait('driver', 110, 120)]
  expect(nameCause(request, [...brief, connect])).toBe('target-connect')
  expect(nameCause(request, brief)).toBe('target-run-queue')
})
