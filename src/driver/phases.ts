import { setTimeout as wait } from 'node:timers/promises'
import type { Load } from '../plan/plan.ts'
import { steadiness } from '../stats/series/steady.ts'

/** Milliseconds between looks at whether throughput is steady: one bin. */
const lookMs = 100

/** When the warm-up ended, and whether throughput was steady by then. */
export interface WarmUp {
  readonly seconds: number
  readonly steady: boolean
}

/**
 * Waits out the warm-up: at least `least` seconds, then until throughput is steady, at most `most`.
 * Rejects once `signal` aborts.
 */
export async function warmUp(
  { least, most }: Load['warmup'],
  bins: () => readonly number[],
  signal: AbortSignal,
): Promise<WarmUp> {
  const begin = performance.now()
  const passed = (): number => (performance.now() - begin) / 1e3
  await wait(least * 1e3, undefined, { signal })
  for (;;) {
    const { steady } = steadiness(bins())
    const left = most - passed()
    if (steady || left <= 0) return { seconds: passed(), steady }
    await wait(Math.min(lookMs, left * 1e3), undefined, { signal })
  }
}

/** Waits until `over` says so, at most so many seconds. Rejects once `signal` aborts. */
export async function waitUntil(
  over: () => boolean,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + seconds * 1e3
  while (!over() && performance.now() < end) await wait(10, undefined, { signal })
}
