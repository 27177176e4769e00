import { hrtime, threadCpuUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { type RateLimiterMemory, rateLimiter } from '../src/balancer/limits/rate-limiter.ts'

/** Options of one worker. */
export interface Task {
  readonly memory: RateLimiterMemory
  readonly worker: number
  readonly workers: number
  /** One cell that counts the workers that wait for the next start. */
  readonly gate: SharedArrayBuffer
  readonly stints: number
  readonly takes: number
}

/** The results of one worker. */
export interface Work {
  /** When each stint started and ended, in seconds on the clock that all workers share. */
  readonly started: readonly number[]
  readonly ended: readonly number[]
  /** CPU-seconds over all stints; sleeping costs none. */
  readonly busy: number
  /** Number of takes that did not get the lock of their shard. */
  readonly gaveUp: number
  /** Bytes allocated per take. */
  readonly allocatedBytes: number
}

// Takes tokens as fast as possible, in stints that all workers start together.
const task = workerData as Task
const limiter = rateLimiter(task.memory, task.worker)
const gate = new Int32Array(task.gate)
const clients = Array.from({ length: 10_000 }, (_, client) => `10.1.${client >> 8}.${client & 255}`)
const started = new Float64Array(task.stints)
const ended = new Float64Array(task.stints)

let gaveUp = 0

function seconds(): number {
  return Number(hrtime.bigint()) / 1e9
}

function take(count: number): void {
  // An integer: V8 may allocate a fraction on the heap to pass it, 16 bytes that are not the limiter's.
  const now = Math.floor(seconds())
  // Each worker starts at another client and steps by a number coprime to 10,000, so that they meet at random.
  let at = task.worker * 4999
  for (let left = count; left > 0; left--) {
    at = (at + 7919) % clients.length
    // There is always a token: a refused take did not get the lock.
    if (!limiter.tryTake(clients[at] as string, 1e6, 1e9, now)) gaveUp++
  }
}

/** Bytes that `count` takes allocate, plus some hundred KB for reading the statistics. */
function allocatedBy(count: number): number {
  const before = getHeapStatistics().total_allocated_bytes
  take(count)
  return getHeapStatistics().total_allocated_bytes - before
}

take(1_500_000)
let busy = 0
for (let stint = 0; stint < task.stints; stint++) {
  Atomics.add(gate, 0, 1)
  while (Atomics.load(gate, 0) < (stint + 1) * task.workers);
  const before = threadCpuUsage()
  started[stint] = seconds()
  take(task.takes)
  ended[stint] = seconds()
  const { user, system } = threadCpuUsage(before)
  busy += (user + system) / 1e6
}
parentPort?.postMessage({
  started: [...started],
  ended: [...ended],
  busy,
  gaveUp,
  allocatedBytes: (allocatedBy(3_000_000) - allocatedBy(1_000_000)) / 2_000_000,
} satisfies Work)
