import { expect, test } from 'vitest'
import { usageRecorder } from '../../src/meter/timeline.ts'

/** Samples every 0.1 s, so many times, and ends 0.1 s later. */
function recorded(times: number, max: number) {
  const recorder = usageRecorder(max)
  let read = 0
  for (let i = 0; i < times; i++) {
    recorder.sample(() => {
      read++
      return { at: i / 10, cpuSeconds: i / 20, rssBytes: i }
    })
  }
  recorder.end({ at: times / 10, cpuSeconds: times / 20, rssBytes: times })
  return { read, ...recorder.timeline() }
}

test('every second sample is taken, and the first and the last', () => {
  expect(recorded(5, 100)).toEqual({
    read: 3,
    at: [0, 0.2, 0.4, 0.5],
    cpuSeconds: [0, 0.1, 0.2, 0.25],
    rssBytes: [0, 2, 4, 5],
  })
})

test('a long window has no more readings than a short one: they are further apart, and evenly spaced', () => {
  const { at, read } = recorded(10_000, 8)
  expect(at.length).toBeLessThanOrEqual(9)
  expect(at.length).toBeGreaterThanOrEqual(4)
  const steps = at.slice(1, -1).map((seconds, i) => Math.round((seconds - (at[i] ?? 0)) * 10))
  expect(new Set(steps).size).toBe(1)
  // Samples that are not taken are not read: that would cost time.
  expect(read).toBeLessThan(60)
})

test('numbers have only the digits that are measured', () => {
  const recorder = usageRecorder()
  recorder.end({ at: 1 / 3, cpuSeconds: 1 / 7, rssBytes: 4096 })
  expect(recorder.timeline()).toEqual({ at: [0.333], cpuSeconds: [0.1429], rssBytes: [4096] })
})
