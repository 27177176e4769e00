import { expect, test } from 'vitest'
import { countsBytes, countWait, jitterBetween } from '../../src/meter/timer-jitter-counts.ts'

const empty = () => new Int32Array(countsBytes / 4)

/** What is said of these waits, in ms. */
function seen(waits: readonly number[], before = empty()) {
  const counts = before.slice()
  for (const wait of waits) countWait(counts, wait)
  return jitterBetween(before, counts)
}

test('a wait is counted to 10 µs', () => {
  const { count, p50, max } = seen([0.004, 0.004, 0.123])
  expect(count).toBe(3)
  expect(p50).toBeCloseTo(0.00001, 9)
  expect(max).toBeCloseTo(0.00013, 9)
})

test('a stall delays all samples that were due in it, each for the remaining time', () => {
  // 90 sleeps without a wait and one of 10 ms, in which nine more would have begun.
  const { count, p50, p99, max } = seen([...Array<number>(90).fill(0), 10])
  expect(count).toBe(100)
  expect([p50, p99, max]).toEqual([
    expect.closeTo(0.00001, 9),
    expect.closeTo(0.00901, 9),
    expect.closeTo(0.01001, 9),
  ])
})

test('counts before the window are not in the result', () => {
  const before = empty()
  countWait(before, 500)
  expect(seen([0.2], before)).toMatchObject({ count: 1, max: expect.closeTo(0.00021, 9) })
})

test('a wait beyond the last bucket is in the last one', () => {
  expect(seen([5000]).max).toBeGreaterThan(1)
})

test('a window without samples has a count of 0', () => {
  expect(seen([])).toEqual({ count: 0, p50: 0, p99: 0, p999: 0, max: 0 })
})
