import { hrtime, threadCpuUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { type RateLimiterMemory, rateLimiter } from '../../src/balancer/limits/rate-limiter.ts'

/** What one worker came to. */
export interface Stint {
  /** Seconds on the clock that all workers share. */
  readonly started: number
  readonly ended: number
  /** Seconds of CPU; less than it took, where the worker slept or was kept off its CPU. */
  readonly busy: number
  readonly allocatedBytes: number
}

// Takes tokens as fast as it can, once all workers are warm.
const { memory, worker, gate, takes } = workerData as {
  memory: RateLimiterMemory
  worker: number
  gate: SharedArrayBuffer
  takes: number
}
const limiter = rateLimiter(memory, worker)
const clients = Array.from({ length: 10_000 }, (_, client) => `10.1.${client >> 8}.${client & 255}`)

function seconds(): number {
  return Number(hrtime.bigint()) / 1e9
}

function take(count: number): void {
  const now = seconds()
  // Each worker starts elsewhere and steps by a number prime to 10,000, so that they meet at random.
  let at = worker * 4999
  for (let left = count; left > 0; left--) {
    at = (at + 7919) % clients.length
    limiter.tryTake(clients[at] as string, 10, 5, now)
  }
}

take(2_000_000)
const waiting = new Int32Array(gate)
Atomics.sub(waiting, 0, 1)
while (Atomics.load(waiting, 0) > 0);

const allocated = getHeapStatistics().total_allocated_bytes
const busy = threadCpuUsage()
const started = seconds()
take(takes)
const ended = seconds()
const { user, system } = threadCpuUsage(busy)
parentPort?.postMessage({
  started,
  ended,
  busy: (user + system) / 1e6,
  allocatedBytes: getHeapStatistics().total_allocated_bytes - allocated,
} satisfies Stint)
