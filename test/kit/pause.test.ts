import { afterEach, expect, test, vi } from 'vitest'
import { watchTicks } from '../../src/kit/pause.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What a watched thread notes, in ms since it is watched, and a tick of its timer at a time, after so many ms of waiting. */
function watchedThread() {
  const startMs = performance.now()
  let [nowMs, waitedMs, isClosed] = [startMs, 70, false]
  let tick = () => {}
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  vi.spyOn(process, 'hrtime').mockReturnValue([startMs / 1e3, 0])
  vi.spyOn(globalThis, 'setInterval').mockImplementation(((call: () => void) => {
    tick = call
    return { unref: () => undefined }
  }) as unknown as typeof setInterval)
  const noted: [kind: string, fromMs: number, untilMs: number][] = []
  const watched = watchTicks(
    (kind, fromMs, untilMs) =>
      noted.push([kind, Math.round(fromMs - startMs), Math.round(untilMs - startMs)]),
    {
      waitedMs: () => waitedMs,
      [Symbol.dispose]() {
        isClosed = true
      },
    },
  )
  return {
    noted,
    watched,
    isClosed: () => isClosed,
    tickAt(ms: number, waits = 0) {
      nowMs = startMs + ms
      waitedMs += waits
      tick()
    },
  }
}

test('a late loop that had worked waited for no CPU', () => {
  const { noted, tickAt } = watchedThread()
  tickAt(5)
  tickAt(50)
  expect(noted).toEqual([['loop', 10, 50]])
})

test('one whose thread had no CPU waited, from before its timer was due if that took so long', () => {
  const { noted, tickAt } = watchedThread()
  tickAt(5)
  tickAt(50, 44)
  expect(noted).toEqual([
    ['loop', 10, 50],
    ['wait', 6, 50],
  ])
})

test('a wait that delays the loop by less than 4 ms counts from 2 ms on, and once', () => {
  const { noted, tickAt } = watchedThread()
  tickAt(8, 3)
  tickAt(13)
  tickAt(18, 1.5)
  tickAt(23, 1.5)
  expect(noted).toEqual([['wait', 5, 8]])
})

test('no wait is longer than the time in which it was', () => {
  const { noted, tickAt } = watchedThread()
  tickAt(5, 40)
  expect(noted).toEqual([['wait', 0, 5]])
})

test('its clock ends with it', () => {
  const { watched, isClosed } = watchedThread()
  expect(isClosed()).toBe(false)
  watched[Symbol.dispose]()
  expect(isClosed()).toBe(true)
})
