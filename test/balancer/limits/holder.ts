import { parentPort, workerData } from 'node:worker_threads'
import { shardLock } from '../../../src/balancer/limits/shard-lock.ts'

/** A worker that acquires locks, reports it, and waits until it is terminated with them. */
const { cells, shards, held } = workerData as {
  cells: SharedArrayBuffer
  shards: number
  held: readonly number[]
}
const lock = shardLock(new Int32Array(cells), 1, shards)
for (const shard of held) lock.acquire(shard)
parentPort?.postMessage('held')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
