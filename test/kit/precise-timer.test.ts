import { expect, test } from 'vitest'
import { preciseTimer } from '../../src/kit/precise-timer.ts'

/** Times at which a timer fired, once it fired `count` times; `use` sets it. */
async function firingsOf(count: number, use: (set: (atMs: number) => void) => void) {
  const firings: number[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = preciseTimer((nowMs) => {
    firings.push(nowMs)
    if (firings.length === count) resolve()
  })
  use(timer.set)
  await promise
  await timer.close()
  return firings
}

test('fires at the time that was set, never before', async () => {
  const moment = performance.now() + 20
  const [fired] = await firingsOf(1, (set) => set(moment))
  expect(fired).toBeGreaterThanOrEqual(moment)
})

test('fires for a time that has passed, but not from within set', async () => {
  let within = true
  const seen: boolean[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = preciseTimer(() => {
    seen.push(within)
    resolve()
  })
  timer.set(performance.now() - 5)
  within = false
  await promise
  await timer.close()
  expect(seen).toEqual([false])
})

test('an earlier time replaces a later one', async () => {
  const start = performance.now()
  const [fired] = await firingsOf(1, (set) => {
    set(start + 60_000)
    set(start + 10)
  })
  expect(fired).toBeGreaterThanOrEqual(start + 10)
})

test('a later time replaces an earlier one', async () => {
  const start = performance.now()
  const [fired] = await firingsOf(1, (set) => {
    set(start + 10)
    set(start + 60)
  })
  expect(fired).toBeGreaterThanOrEqual(start + 60)
})

test('fires once for each of many times', async () => {
  const moments = Array.from({ length: 200 }, (_, i) => performance.now() + 1 + i * 0.3)
  const { promise, resolve } = Promise.withResolvers<void>()
  const early: number[] = []
  let served = 0
  const timer = preciseTimer((nowMs) => {
    if (nowMs < (moments[served] as number)) early.push(served)
    served++
    if (served === moments.length) resolve()
    else timer.set(moments[served] as number)
  })
  timer.set(moments[0] as number)
  await promise
  await timer.close()
  expect(early).toEqual([])
  expect(served).toBe(200)
})

test('does not fire after it was closed', async () => {
  let fired = 0
  const closed = preciseTimer(() => fired++)
  closed.set(performance.now() + 5)
  await closed.close()
  await firingsOf(1, (set) => set(performance.now() + 30))
  expect(fired).toBe(0)
})

test('an idle owner sleeps until the time, and fires at it, never before', async () => {
  const { promise, resolve } = Promise.withResolvers<number>()
  const timer = preciseTimer(resolve)
  await timer.ready
  const moment = performance.now() + 15
  timer.set(moment)
  timer.idle()
  expect(await promise).toBeGreaterThanOrEqual(moment)
  // It slept rather than waited for its thread, some milliseconds at a time.
  expect(timer.idleMs).toBeGreaterThan(5)
  await timer.close()
})

test('a timer that was idle can be set again, with and without rest', async () => {
  const moments = Array.from({ length: 20 }, (_, i) => performance.now() + 5 + i * 3)
  const { promise, resolve } = Promise.withResolvers<void>()
  const early: number[] = []
  let fired = 0
  const timer = preciseTimer((nowMs) => {
    early.push(nowMs - (moments[fired++] as number))
    if (fired === moments.length) resolve()
    else timer.set(moments[fired] as number)
    if (fired % 2 === 0) timer.idle()
  })
  timer.set(moments[0] as number)
  await promise
  expect(early.every((ms) => ms >= 0)).toBe(true)
  await timer.close()
})

test('a timer that spins needs no thread, and knows how long it only waited', async () => {
  const { promise, resolve } = Promise.withResolvers<number>()
  const timer = preciseTimer(resolve, { spin: true })
  await timer.ready
  const moment = performance.now() + 10
  timer.set(moment)
  expect(await promise).toBeGreaterThanOrEqual(moment)
  expect(timer.idleMs).toBeGreaterThan(0)
  await timer.close()
})
