import type { HealthSettings } from '../config/health-settings.ts'
import { isEnabled, isHealthy } from './backend-state.ts'
import type { HealthColumns } from './health-memory.ts'

/**
 * Marks the healthy backends that stand by (`columns.standby`), by two rules. Backup backends stand by while any other
 * one is healthy. Of the rest, those of other zones stand by while the healthy ones of the balancer's own zone have at
 * least `zone.threshold` of the weight of all enabled ones there: a zone that has lost more could be overloaded.
 * Algorithms choose among the others, whatever they are.
 */
export function markStandby(columns: HealthColumns, { zone }: HealthSettings): void {
  const rows = Array.from({ length: columns.rows }, (_, row) => row)
  const enabled = rows.filter((row) => isEnabled(columns, row))
  const primary = enabled.filter((row) => columns.backup[row] === 0)
  const useBackups = !primary.some((row) => isHealthy(columns, row))
  const local = (useBackups ? enabled : primary).filter((row) => columns.sameZone[row] === 1)
  const healthyLocal = weightOf(
    columns,
    local.filter((row) => isHealthy(columns, row)),
  )
  const zoneSuffices =
    zone !== undefined &&
    healthyLocal > 0 &&
    healthyLocal >= zone.threshold * weightOf(columns, local)
  for (const row of rows) {
    const isBackup = columns.backup[row] === 1 && !useBackups
    const isForeign = zoneSuffices && columns.sameZone[row] === 0
    columns.standby[row] = isHealthy(columns, row) && (isBackup || isForeign) ? 1 : 0
  }
}

function weightOf({ weight }: HealthColumns, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + (weight[row] as number), 0)
}

/** Whether the backend in `row` is healthy, and does not stand by. */
export function isPreferred(columns: HealthColumns, row: number): boolean {
  return isHealthy(columns, row) && columns.standby[row] === 0
}
