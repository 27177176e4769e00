import { expect, test } from 'vitest'
import { preciseTimer } from '../../src/kit/precise-timer.ts'

/** Sets an alarm as told and gives back when it rang, once it rang `times` times. */
async function ringsOf(times: number, given: (set: (atMs: number) => void) => void) {
  const rings: number[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const clock = preciseTimer((nowMs) => {
    rings.push(nowMs)
    if (rings.length === times) resolve()
  })
  given(clock.set)
  await promise
  await clock.close()
  return rings
}

test('rings at the moment that was set, never before', async () => {
  const moment = performance.now() + 20
  const [rang] = await ringsOf(1, (set) => set(moment))
  expect(rang).toBeGreaterThanOrEqual(moment)
})

test('rings for a moment that has passed, but not from within set', async () => {
  let within = true
  const seen: boolean[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const clock = preciseTimer(() => {
    seen.push(within)
    resolve()
  })
  clock.set(performance.now() - 5)
  within = false
  await promise
  await clock.close()
  expect(seen).toEqual([false])
})

test('an earlier moment takes the place of a later one', async () => {
  const start = performance.now()
  const [rang] = await ringsOf(1, (set) => {
    set(start + 60_000)
    set(start + 10)
  })
  expect(rang).toBeGreaterThanOrEqual(start + 10)
})

test('a later moment takes the place of an earlier one', async () => {
  const start = performance.now()
  const [rang] = await ringsOf(1, (set) => {
    set(start + 10)
    set(start + 60)
  })
  expect(rang).toBeGreaterThanOrEqual(start + 60)
})

test('rings once for each moment, over many moments', async () => {
  const moments = Array.from({ length: 200 }, (_, i) => performance.now() + 1 + i * 0.3)
  const { promise, resolve } = Promise.withResolvers<void>()
  const early: number[] = []
  let served = 0
  const clock = preciseTimer((nowMs) => {
    if (nowMs < (moments[served] as number)) early.push(served)
    served++
    if (served === moments.length) resolve()
    else clock.set(moments[served] as number)
  })
  clock.set(moments[0] as number)
  await promise
  await clock.close()
  expect(early).toEqual([])
  expect(served).toBe(200)
})

test('does not ring once it is closed', async () => {
  let rang = 0
  const closed = preciseTimer(() => rang++)
  closed.set(performance.now() + 5)
  await closed.close()
  await ringsOf(1, (set) => set(performance.now() + 30))
  expect(rang).toBe(0)
})
