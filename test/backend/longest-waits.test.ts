import { expect, test } from 'vitest'
import { backendWaits } from '../../src/backend/backend-waits.ts'
import { longestWaits } from '../../src/backend/longest-waits.ts'
import { serviceQueue } from '../../src/backend/service-queue.ts'
import { hrtimeOffsetMs } from '../../src/kit/clock.ts'
import { seeded } from '../../src/kit/random.ts'

test('the longest waits are kept, in any order, and none of less than a millisecond', () => {
  const random = seeded(3)
  const waits = longestWaits()
  const times = Array.from({ length: 3000 }, () => random() ** 3 * 50)
  for (const [i, ms] of times.entries()) waits.note(i, i + ms)
  const kept = waits
    .report()
    .map(({ fromMs, untilMs }) => untilMs - fromMs)
    .toSorted((a, b) => b - a)
  const expected = times.toSorted((a, b) => b - a).slice(0, 512)
  expect(kept).toHaveLength(512)
  for (const [i, ms] of kept.entries()) expect(ms).toBeCloseTo(expected[i] as number, 3)

  const few = longestWaits()
  few.note(10, 10.5)
  few.note(20, 23)
  const [one, ...others] = few.report()
  expect(others).toEqual([])
  expect(one?.fromMs).toBeCloseTo(20 + hrtimeOffsetMs(), 0)
})

test('the waits of the thread for a CPU are reported beside those of requests, delays of its event loop are not', () => {
  let ended = false
  const waits = backendWaits((note) => {
    note('loop', 10, 20)
    note('wait', 12, 20)
    return {
      [Symbol.dispose]() {
        ended = true
      },
    }
  })
  waits.note(30, 33)
  const [request, thread, ...others] = waits.report()
  expect(others).toEqual([])
  expect(request?.kind).toBe('queue')
  expect(thread).toEqual({ kind: 'wait', fromMs: 12, untilMs: 20 })
  waits[Symbol.dispose]()
  expect(ended).toBe(true)
})

test('a queue notes the wait of each request that found no free server, until one is', () => {
  const noted: number[] = []
  const due: (() => void)[] = []
  const queue = serviceQueue({
    servers: 1,
    serviceTime: () => 0.001,
    timers: { add: (_, call) => void due.push(call), close: async () => {} },
    noteWait: (fromMs, untilMs) => noted.push(untilMs - fromMs),
  })
  for (let i = 0; i < 3; i++) queue.enter(() => {})
  expect(noted).toEqual([])
  due.shift()?.()
  expect(noted).toHaveLength(1)
  due.shift()?.()
  expect(noted).toHaveLength(2)
  expect(noted.every((ms) => ms >= 0)).toBe(true)
  queue.enter(() => {})
  expect(noted).toHaveLength(2)
})
