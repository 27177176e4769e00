import { workerData } from 'node:worker_threads'
import { countWait, sleepCountIndex, sleepMs } from './timer-jitter-counts.ts'

/**
 * Sleeps for a millisecond at a time and counts how much longer each sleep took than the shortest so far, which is the
 * time of an undisturbed sleep. In a thread of its own, since an event loop would make each sleep more expensive.
 */
function sleepForever(shared: SharedArrayBuffer): never {
  const counts = new Int32Array(shared)
  const never = new Int32Array(new SharedArrayBuffer(4))
  let shortestMs = Number.POSITIVE_INFINITY
  let wokeMs = performance.now()
  for (;;) {
    Atomics.wait(never, 0, 0, sleepMs)
    const nowMs = performance.now()
    const tookMs = nowMs - wokeMs
    wokeMs = nowMs
    shortestMs = Math.min(shortestMs, tookMs)
    countWait(counts, tookMs - shortestMs)
    Atomics.add(counts, sleepCountIndex, 1)
  }
}

sleepForever(workerData as SharedArrayBuffer)
