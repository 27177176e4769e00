import { expect, test } from 'vitest'
import { usageRecorder } from '../../src/meter/timeline.ts'

/** Offers a reading each tenth of a second, so many times, and ends a tenth later. */
function recorded(times: number, most: number) {
  const readings = usageRecorder(most)
  let read = 0
  for (let i = 0; i < times; i++) {
    readings.offer(() => {
      read++
      return { at: i / 10, cpuSeconds: i / 20, rssBytes: i }
    })
  }
  readings.end({ at: times / 10, cpuSeconds: times / 20, rssBytes: times })
  return { read, ...readings.course() }
}

test('every second offer is taken, the first and the end included', () => {
  expect(recorded(5, 100)).toEqual({
    read: 3,
    at: [0, 0.2, 0.4, 0.5],
    cpuSeconds: [0, 0.1, 0.2, 0.25],
    rssBytes: [0, 2, 4, 5],
  })
})

test('a long window has no more readings than a short one: they stand farther apart, and evenly', () => {
  const { at, read } = recorded(10_000, 8)
  expect(at.length).toBeLessThanOrEqual(9)
  expect(at.length).toBeGreaterThanOrEqual(4)
  const steps = at.slice(1, -1).map((seconds, i) => Math.round((seconds - (at[i] ?? 0)) * 10))
  expect(new Set(steps).size).toBe(1)
  // What is not taken is not read either: that would cost time.
  expect(read).toBeLessThan(60)
})

test('no number is written with more digits than are measured', () => {
  const readings = usageRecorder()
  readings.end({ at: 1 / 3, cpuSeconds: 1 / 7, rssBytes: 4096 })
  expect(readings.course()).toEqual({ at: [0.333], cpuSeconds: [0.1429], rssBytes: [4096] })
})
