import { setTimeout as wait } from 'node:timers/promises'
import type { Load } from '../plan/plan.ts'
import { steadiness } from '../stats/series/steady.ts'

/** Milliseconds between two checks of whether throughput is steady: one bin. */
const steadyCheckMs = 100

/** How a warm-up ended. */
export interface WarmUp {
  readonly seconds: number
  /** Whether throughput was steady at its end. */
  readonly steady: boolean
}

/**
 * Waits for the minimum warm-up, then until throughput is steady, at most until the maximum (both in seconds).
 * Rejects once `signal` aborts.
 */
export async function warmUp(
  { least: minSeconds, most: maxSeconds }: Load['warmup'],
  bins: () => readonly number[],
  signal: AbortSignal,
): Promise<WarmUp> {
  const begin = performance.now()
  const passed = (): number => (performance.now() - begin) / 1e3
  await wait(minSeconds * 1e3, undefined, { signal })
  for (;;) {
    const { steady } = steadiness(bins())
    const left = maxSeconds - passed()
    if (steady || left <= 0) return { seconds: passed(), steady }
    await wait(Math.min(steadyCheckMs, left * 1e3), undefined, { signal })
  }
}

/** Waits until `condition` holds, at most so many seconds. Rejects once `signal` aborts. */
export async function waitUntil(
  condition: () => boolean,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + seconds * 1e3
  while (!condition() && performance.now() < end) await wait(10, undefined, { signal })
}
