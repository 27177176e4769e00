import { parentPort, workerData } from 'node:worker_threads'
import { type RateLimiterMemory, rateLimiter } from '../../../src/balancer/limits/rate-limiter.ts'

/** A worker that takes as many tokens as it can, from when all workers have started, and reports the number. */
const { memory, worker, gate, keys, tries } = workerData as {
  memory: RateLimiterMemory
  worker: number
  gate: SharedArrayBuffer
  keys: number
  tries: number
}
const limiter = rateLimiter(memory, worker)
const names = Array.from({ length: keys }, (_, key) => `client-${key}`)
const starting = new Int32Array(gate)
Atomics.sub(starting, 0, 1)
while (Atomics.load(starting, 0) > 0);

let taken = 0
for (let attempt = 0; attempt < tries; attempt++) {
  if (limiter.tryTake(names[attempt % keys] ?? '', 0, 1000, 1)) taken++
}
parentPort?.postMessage(taken)
