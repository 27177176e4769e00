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
 * The hiccup meter's process: what the machine itself adds to every latency, on the CPUs that it is kept to. After
 * jHiccup by Gil Tene. Told `open` and `close` at the window's edges it only copies its counts, so as not to be in
 * the way of what is measured; asked for a `report` afterwards, it answers with its TimerJitter.
 */

const shared = new SharedArrayBuffer(countsBytes)
const counts = new Int32Array(shared)
let opened = counts.slice()
let closed = Promise.resolve(opened)
let thread: Worker | undefined

/** Settles once a sleep that was under way is over, and its wait counted. */
async function slept(): Promise<void> {
  const before = Atomics.load(counts, sleepCountIndex)
  while (Atomics.load(counts, sleepCountIndex) === before) await wait(1)
}

serveRequests({
  start(): Promise<void> {
    thread = new Worker(modulePath('./timer-jitter-thread', import.meta.url), {
      workerData: shared,
    })
    return slept()
  },
  open(): void {
    opened = counts.slice()
  },
  close(): void {
    closed = slept().then(() => counts.slice())
  },
  async report(): Promise<TimerJitter> {
    return jitterBetween(opened, await closed)
  },
  async stop(): Promise<void> {
    await thread?.terminate()
  },
})
