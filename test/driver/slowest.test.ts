import { expect, test } from 'vitest'
import { slowReport } from '../../src/driver/slow-report.ts'
import { slowest } from '../../src/driver/slowest.ts'
import { bootId } from '../../src/kit/boot-id.ts'
import { hrtimeOffsetMs } from '../../src/kit/clock.ts'
import { seeded } from '../../src/kit/random.ts'

const msOf = ({ dueMs, endedMs }: { readonly dueMs: number; readonly endedMs: number }) =>
  endedMs - dueMs

test('the slowest requests are kept, in any order of arrival', () => {
  const random = seeded(7)
  const times = Array.from({ length: 5000 }, () => random() ** 4 * 100)
  const kept = slowest(50)
  for (const [i, ms] of times.entries()) kept.add({ dueMs: i }, i + ms)
  const slow = kept
    .report()
    .map(msOf)
    .toSorted((a, b) => b - a)
  const expected = times.toSorted((a, b) => b - a).slice(0, 50)
  expect(slow).toHaveLength(50)
  for (const [i, ms] of slow.entries()) expect(ms).toBeCloseTo(expected[i] as number, 6)
})

test('a request keeps when it was due, taken up, sent, connected and over', () => {
  const kept = slowest(2)
  kept.add({ dueMs: 1, arrivedMs: 2, sentMs: 3, connectedMs: 4 }, 5)
  // Its connection was there before.
  kept.add({ dueMs: 10, arrivedMs: 10, sentMs: 10, connectedMs: 4 }, 20)
  expect(kept.report()).toEqual([
    { dueMs: 1, arrivedMs: 2, sentMs: 3, connectedMs: 4, endedMs: 5 },
    { dueMs: 10, arrivedMs: 10, sentMs: 10, connectedMs: 10, endedMs: 20 },
  ])
})

test('the report of a driver is on the clock that all processes of its host share', () => {
  const nowMs = performance.now()
  const request = { dueMs: nowMs, arrivedMs: nowMs, sentMs: nowMs, connectedMs: nowMs }
  const requests = [{ ...request, endedMs: nowMs + 1 }]
  const report = slowReport({ binsFromMs: nowMs, openedMs: nowMs, requests }, [])
  expect(report.boot).toBe(bootId())
  expect(report.openedMs).toBeCloseTo(nowMs + hrtimeOffsetMs(), 0)
  expect(report.requests[0]?.endedMs).toBeCloseTo(report.openedMs + 1, 3)
})
