import { allocate, type TableMemory } from '../../algorithms/parts/table.ts'
import { allocateMetrics, type MetricsMemory } from '../admin/worker-metrics.ts'
import { algorithmSettings } from '../config/algorithm-settings.ts'
import type { BalancerSettings } from '../config/config.ts'
import { allocateHealth, type HealthMemory } from '../health/health-memory.ts'
import { allocateLimit } from '../limits/allocate-limit.ts'
import type { RateLimiterMemory } from '../limits/rate-limiter.ts'
import { allocateCounters } from '../shared/counters.ts'

/** The memory that the main thread and all workers share. Goes to workers as it is. */
export interface Shared {
  readonly table: TableMemory
  readonly health: HealthMemory
  readonly counters: SharedArrayBuffer
  /** Where requests are limited. */
  readonly limit: RateLimiterMemory | undefined
  /** What the admin port shows besides the counts. */
  readonly metrics: MetricsMemory | undefined
}

/** Room for backends that join, where anyone may have them join. */
const spareRows = 8

/** Memory for a balancer with these settings. No backend is in it yet: see `watchOver`. */
export function allocateShared(settings: BalancerSettings): Shared {
  const { admin, workers, backends } = settings
  const rows = backends.length + (admin?.token === undefined ? 0 : spareRows)
  return {
    table: allocate(rows, algorithmSettings(settings).algorithm),
    health: allocateHealth(rows),
    counters: allocateCounters(workers, rows),
    metrics: admin && allocateMetrics(workers, rows),
    limit: settings.rateLimit && allocateLimit(settings.rateLimit),
  }
}
