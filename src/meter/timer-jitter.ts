import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { modulePath } from '../kit/module-path.ts'
import { serveRequests } from '../kit/rpc.ts'
import {
  countsBytes,
  jitterBetween,
  sleepCountIndex,
  type TimerJitter,
} from './timer-jitter-counts.ts'

/*
 * The process of the timer-jitter meter: how much the host itself adds to every latency, on the CPUs that it is pinned to.
 * After jHiccup by Gil Tene. `open` and `close`, at the edges of the window, only copy the counts, so as not to disturb the
 * measurement; `report` returns the TimerJitter between them.
 */

const shared = new SharedArrayBuffer(countsBytes)
const counts = new Int32Array(shared)
let opened = counts.slice()
let closed = Promise.resolve(opened)
let thread: Worker | undefined

/** Settles once the sleep that is under way has ended and its wait is counted. */
async function nextSleep(): Promise<void> {
  const before = Atomics.load(counts, sleepCountIndex)
  while (Atomics.load(counts, sleepCountIndex) === before) await wait(1)
}

serveRequests({
  start(): Promise<void> {
    thread = new Worker(modulePath('./timer-jitter-thread', import.meta.url), {
      workerData: shared,
    })
    return nextSleep()
  },
  open(): void {
    opened = counts.slice()
  },
  close(): void {
    closed = nextSleep().then(() => counts.slice())
  },
  async report(): Promise<TimerJitter> {
    return jitterBetween(opened, await closed)
  },
  async stop(): Promise<void> {
    await thread?.terminate()
  },
})
