import { allocate, type TableMemory } from '../algorithms/table.ts'
import { algorithmOf } from './algorithm-of.ts'
import type { BalancerSettings } from './config.ts'
import { allocateCounters } from './counters.ts'

/** The memory that the main thread and all workers share. Goes to workers as it is. */
export interface Shared {
  readonly table: TableMemory
  readonly counters: SharedArrayBuffer
}

/** Memory for a balancer with these settings: every backend is eligible, nothing is in flight. */
export function allocateShared(settings: BalancerSettings): Shared {
  const rows = settings.backends.length
  const table = allocate(rows, algorithmOf(settings).algorithm)
  const weight = new Int32Array(table.weight)
  for (const [row, backend] of settings.backends.entries()) weight[row] = backend.weight
  new Int32Array(table.eligible).fill(1)
  return { table, counters: allocateCounters(settings.workers, rows) }
}
