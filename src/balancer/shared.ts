import { allocate, type TableMemory } from '../algorithms/table.ts'
import { algorithmOf } from './algorithm-of.ts'
import type { BalancerSettings } from './config.ts'
import { allocateCounters } from './counters.ts'
import { allocateHealth, type HealthMemory } from './health/health-memory.ts'

/** The memory that the main thread and all workers share. Goes to workers as it is. */
export interface Shared {
  readonly table: TableMemory
  readonly health: HealthMemory
  readonly counters: SharedArrayBuffer
}

/** Memory for a balancer with these settings. No backend is in it yet: see `watchOver`. */
export function allocateShared(settings: BalancerSettings): Shared {
  const rows = settings.backends.length
  return {
    table: allocate(rows, algorithmOf(settings).algorithm),
    health: allocateHealth(rows),
    counters: allocateCounters(settings.workers, rows),
  }
}
