import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { modulePath } from '../kit/module-path.ts'
import {
  countsBytes,
  jitterBetween,
  sleepCountIndex,
  type TimerJitter,
} from './timer-jitter-counts.ts'

/** Measures the timer jitter of this process's CPUs for some seconds, in a thread of its own. */
export async function measureTimerJitter(seconds: number): Promise<TimerJitter> {
  const shared = new SharedArrayBuffer(countsBytes)
  const counts = new Int32Array(shared)
  const thread = new Worker(modulePath('./timer-jitter-thread', import.meta.url), {
    workerData: shared,
  })
  try {
    // The start of a thread is no sleep.
    while (Atomics.load(counts, sleepCountIndex) === 0) await wait(1)
    const from = counts.slice()
    await wait(seconds * 1000)
    return jitterBetween(from, counts.slice())
  } finally {
    await thread.terminate()
  }
}
