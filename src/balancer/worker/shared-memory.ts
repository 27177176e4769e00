import { allocate, type TableMemory } from '../../algorithms/parts/table.ts'
import { allocateMetrics, type MetricsMemory } from '../admin/worker-metrics.ts'
import { algorithmSettings } from '../config/algorithm-settings.ts'
import type { BalancerSettings } from '../config/config.ts'
import { allocateHealth, type HealthMemory } from '../health/health-memory.ts'
import { allocateLimit } from '../limits/allocate-limit.ts'
import type { RateLimiterMemory } from '../limits/rate-limiter.ts'
import { allocatePauses } from '../observe/pause-ring.ts'
import { allocateSteps } from '../observe/step-memory.ts'
import { allocateCounters, allocateSlots } from '../shared/counters.ts'

/** The memory that the main thread and all workers share. Goes to workers as it is. */
export interface Shared {
  readonly table: TableMemory
  readonly health: HealthMemory
  readonly counters: SharedArrayBuffer
  /** Connections of each worker slot: the same memory in all versions of the configuration. */
  readonly slots: SharedArrayBuffer
  /** Where requests are limited. */
  readonly limit: RateLimiterMemory | undefined
  /** What the admin port shows besides the counts. */
  readonly metrics: MetricsMemory | undefined
  /** Pauses of the workers, and of the main thread behind them, where they are noted. */
  readonly pauses: SharedArrayBuffer | undefined
  /** Times of the steps of requests, where they are taken. */
  readonly steps: SharedArrayBuffer | undefined
}

/** Room for backends that join, where anyone may have them join. */
const spareRows = 8

/** The settings that were in force before, and their memory. */
export interface PreviousMemory {
  readonly settings: BalancerSettings
  readonly shared: Shared
}

/**
 * Memory for a balancer with these settings. No backend is in it yet: see `startHealth`. The memory of the
 * connections, and that of the rate limit if it has room for as many clients, is taken over from `previous`.
 */
export function allocateShared(settings: BalancerSettings, previous?: PreviousMemory): Shared {
  const { admin, workers, backends, observe } = settings
  const rows = backends.length + (admin?.token === undefined ? 0 : spareRows)
  return {
    table: allocate(rows, algorithmSettings(settings).algorithm),
    health: allocateHealth(rows),
    counters: allocateCounters(workers, rows),
    slots: previous?.shared.slots ?? allocateSlots(workers),
    metrics: admin && allocateMetrics(workers, rows),
    steps: observe.steps ? allocateSteps(workers) : undefined,
    // The main thread notes ejections, too.
    pauses: observe.pauses ? allocatePauses(workers + 1) : undefined,
    limit: limitMemory(settings, previous),
  }
}

/** Clients that are over their limit stay so when the configuration is read again. */
function limitMemory(
  { rateLimit }: BalancerSettings,
  previous: PreviousMemory | undefined,
): RateLimiterMemory | undefined {
  if (rateLimit?.shared !== true) return undefined
  const before = previous?.settings.rateLimit
  const same =
    before?.clients === rateLimit.clients &&
    before.key === rateLimit.key &&
    before.shards === rateLimit.shards
  return (same ? previous?.shared.limit : undefined) ?? allocateLimit(rateLimit)
}
