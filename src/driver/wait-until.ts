import { setTimeout as wait } from 'node:timers/promises'

/** Waits until `condition` holds, at most so many seconds. Rejects once `signal` aborts. */
export async function waitUntil(
  condition: () => boolean,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + seconds * 1e3
  while (!condition() && performance.now() < end) await wait(10, undefined, { signal })
}
