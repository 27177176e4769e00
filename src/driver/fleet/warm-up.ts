import type { Load } from '../../plan/plan.ts'
import { steadiness } from '../../stats/series/steady.ts'

/** Milliseconds between two checks of whether throughput is steady: one bin. */
const steadyCheckMs = 100

/**
 * Waits for the minimum warm-up, then until the responses of all drivers in each 100 ms are steady, at most until all of
 * them have warmed up, or the maximum (both in seconds). Returns whether they were steady. Rejects once `signal` aborts.
 */
export async function warmUp(
  { least: minSeconds, most: maxSeconds }: Load['warmup'],
  drivers: { readonly bins: () => readonly number[]; readonly warmedUp: () => boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const begin = performance.now()
  await pause(minSeconds * 1e3, signal)
  for (;;) {
    const { steady } = steadiness(drivers.bins())
    const left = maxSeconds - (performance.now() - begin) / 1e3
    if (steady || left <= 0 || drivers.warmedUp()) return steady
    await pause(Math.min(steadyCheckMs, left * 1e3), signal)
  }
}

/** Resolves after so many milliseconds; rejects with the reason of `signal` once it aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const timer = setTimeout(resolve, ms)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
