import { backendAddress } from '../config/backend-address.ts'
import { type NewBackend, writeBackend } from './backend-changes.ts'
import { isHealthy } from './backend-state.ts'
import type { Health } from './health.ts'
import type { HealthColumns } from './health-memory.ts'
import { readBackends } from './read-backends.ts'

/** Columns of the health of a backend. Its weight is that of the configuration. */
const kept = [
  'drained',
  'down',
  'failures',
  'ejected',
  'backOff',
  'ejections',
  'healthy',
  'sliceOpen',
  'ejectedUntil',
  'returnedAt',
  'slowStartFrom',
  'latestReason',
  'reportedReason',
  'reportedSecond',
  'failedAt',
] as const

/** The configured backends, and their health before the configuration was read again. */
export interface InitialBackends {
  readonly backends: readonly NewBackend[]
  readonly previous?: HealthColumns | undefined
}

/**
 * Adds the configured backends in the first rows. They are healthy when the balancer starts. When the configuration is
 * read again, those that stay keep their health; with active checks a new one must pass one before it gets requests,
 * as long as one of those that stay is healthy.
 */
export function addInitialBackends(
  health: Health,
  { backends, previous }: InitialBackends,
  now: number,
): void {
  const ids = (previous && readBackends(previous).backends.map((one) => one?.id)) ?? []
  const rowBefore = ({ url }: NewBackend) => ids.indexOf(backendAddress(url).id)
  const anyHealthy = backends.some((backend) => {
    const row = rowBefore(backend)
    return previous !== undefined && row >= 0 && isHealthy(previous, row)
  })
  const { active } = health.settings
  health.change(now, (columns) => {
    for (const [row, backend] of backends.entries()) {
      writeBackend(health, row, backend)
      columns.healthy[row] = 1
      const before = rowBefore(backend)
      if (previous !== undefined && before >= 0) keepHealth(previous, before, columns, row)
      else if (active !== undefined && anyHealthy) {
        columns.down[row] = 1
        columns.healthy[row] = 0
      }
      // Nothing would find out that it is up again.
      if (active === undefined) columns.down[row] = 0
    }
  })
}

function keepHealth(from: HealthColumns, fromRow: number, to: HealthColumns, toRow: number): void {
  for (const column of kept) to[column][toRow] = from[column][fromRow] as number
}
