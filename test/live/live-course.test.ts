import { expect, test } from 'vitest'
import { liveCourse } from '../../src/live/live-course.ts'
import { histogram } from '../../src/stats/histogram/histogram.ts'

/** An encoded histogram of these times in ms. */
const times = (...ms: number[]) => {
  const all = histogram()
  for (const one of ms) all.record(one * 1e3)
  return all.encode()
}
const point = (at: number, done: number, more = {}) => ({
  ...{ at, seconds: 0.1, done, failed: 0 },
  ...more,
})

test('counts become rates of the time that they cover', () => {
  const course = liveCourse(0.1, 100)
  course.add(point(0.05, 10, { planned: 12 }))
  course.add(point(0.35, 20, { failed: 5 }))
  const columns = course.columns(0)
  expect(columns.at.map((at) => at.toFixed(2))).toEqual(['0.05', '0.15', '0.25', '0.35'])
  expect(columns.done).toEqual([100, null, null, 200])
  expect(columns.failed).toEqual([0, null, null, 50])
  expect(columns.planned).toEqual([120, null, null, null])
  expect(columns.p99).toEqual([null, null, null, null])
})

test('it says from where on it has changed, once', () => {
  const course = liveCourse(0.1, 100)
  expect(course.changedFrom()).toBeUndefined()
  course.add(point(0.05, 1))
  course.add(point(0.15, 1))
  expect(course.changedFrom()).toBe(0)
  expect(course.changedFrom()).toBeUndefined()
  course.add(point(0.15, 1))
  expect(course.changedFrom()).toBe(1)
  expect(course.columns(1).done).toEqual([10])
})

test('percentiles of a cell are those of its histograms together', () => {
  const course = liveCourse(0.5, 100)
  course.add(point(0.1, 99, { latency: times(...Array(99).fill(1)) }))
  course.add(point(0.2, 1, { latency: times(...Array(1).fill(100)) }))
  const [p50, p99] = [course.columns(0).p50[0], course.columns(0).p99[0]]
  expect(p50).toBeCloseTo(0.001, 5)
  expect(p99).toBeCloseTo(0.001, 5)
  course.add(point(0.3, 1, { latency: times(100, 100) }))
  expect(course.columns(0).p99[0]).toBeCloseTo(0.1, 3)
})

test('a long run is in as many cells as allowed, and loses no request', () => {
  const course = liveCourse(0.1, 8)
  for (let i = 0; i < 100; i++) {
    course.add(point((i + 0.5) / 10, i, { latency: times(1, i + 1), planned: 1 }))
  }
  const { at, done, planned, p50, p99 } = course.columns(0)
  expect(at.length).toBeLessThanOrEqual(8)
  const cell = (at[1] as number) - (at[0] as number)
  expect(cell).toBeCloseTo(1.6)
  // The last cell is covered by 0.4 s of the ten.
  const counted = done.map((rate, i) => (rate ?? 0) * (i === done.length - 1 ? 0.4 : cell))
  expect(counted.reduce((sum, one) => sum + one, 0)).toBeCloseTo((99 * 100) / 2)
  expect(planned.every((rate) => Math.abs((rate ?? 0) - 10) < 1e-9)).toBe(true)
  expect(p50.every((value) => (value ?? 1) < 0.0011)).toBe(true)
  expect(p99[0]).toBeCloseTo(0.016, 3)
  expect(course.changedFrom()).toBe(0)
})

test('a point that comes late is counted in the newest cell', () => {
  const course = liveCourse(0.1, 100)
  course.add(point(0.55, 1))
  course.add(point(0.05, 2))
  expect(course.columns(0).done.at(-1)).toBe(15)
})
