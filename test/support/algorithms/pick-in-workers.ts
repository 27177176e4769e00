import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Algorithm } from '../../../src/algorithms/algorithm.ts'
import { allocate, type TableMemory, view } from '../../../src/algorithms/parts/table.ts'

/** Options of a picking worker. With 0 requests it takes the lock and dies. */
export interface Task {
  readonly algorithm: string
  readonly memory: TableMemory
  readonly ids: readonly string[]
  readonly requests: number
  /** Counts the workers that are not ready yet. */
  readonly gate: SharedArrayBuffer
  readonly seed: number
}

/** A set of backends in shared memory, all eligible. */
export function sharedSet(algorithm: Algorithm, weights: readonly number[]) {
  const memory = allocate(weights.length, algorithm)
  const ids = weights.map((_, row) => `b${row}:80`)
  const { table, shared } = view(memory, ids)
  table.weight.set(weights)
  table.eligible.fill(1)
  return { algorithm: algorithm.name, memory, ids, table, shared }
}

function start(task: Task): Worker {
  return new Worker(new URL('./picking-worker.ts', import.meta.url), { workerData: task })
}

/** Lets `workers` threads pick at the same time, `requests` each, and sums up their picks. */
export async function pickInWorkers(
  { algorithm, memory, ids }: ReturnType<typeof sharedSet>,
  { workers, requests }: { readonly workers: number; readonly requests: number },
): Promise<{ picked: number[]; least: number }> {
  const gate = new SharedArrayBuffer(4)
  new Int32Array(gate)[0] = workers
  const found = await Promise.all(
    Array.from({ length: workers }, async (_, seed) => {
      const worker = start({ algorithm, memory, ids, requests, gate, seed })
      const [result] = await once(worker, 'message')
      return result as { picked: number[]; least: number }
    }),
  )
  return {
    picked: ids.map((_, row) => found.reduce((sum, { picked }) => sum + (picked[row] ?? 0), 0)),
    least: Math.min(...found.map(({ least }) => least)),
  }
}

/** A worker that dies while it holds the lock in the first of the algorithm's cells. */
export async function dieWithTheLock(set: ReturnType<typeof sharedSet>): Promise<void> {
  const { algorithm, memory, ids } = set
  const gate = new SharedArrayBuffer(4)
  await once(start({ algorithm, memory, ids, requests: 0, gate, seed: 0 }), 'exit')
}
