import { isEnabled } from './backend-state.ts'
import { ejectionSeconds, maxEjected, nextBackOff } from './ejection.ts'
import type { Health } from './health.ts'
import type { HealthColumns } from './health-memory.ts'

/** Ejects the backend in `row`, if it may be. The lock must be held. */
export function eject({ columns, settings, noteEjection }: Health, row: number, now: number): void {
  if (!mayEject(columns, row, settings.maxEjectedShare)) return
  const secondsIn = now - (columns.returnedAt[row] as number)
  const backOff = nextBackOff(columns.backOff[row] as number, secondsIn, settings.passive)
  columns.backOff[row] = backOff
  const until = now + ejectionSeconds(backOff, settings.passive)
  columns.ejectedUntil[row] = until
  columns.ejected[row] = 1
  columns.ejections[row] = (columns.ejections[row] as number) + 1
  noteEjection?.(now, until)
}

/** Whether the backend in `row` is in rotation, and one more may be ejected. */
export function mayEject(columns: HealthColumns, row: number, share: number): boolean {
  if (columns.ejected[row] === 1 || !isEnabled(columns, row)) return false
  let enabled = 0
  let ejected = 0
  for (let other = 0; other < columns.rows; other++) {
    if (!isEnabled(columns, other)) continue
    enabled++
    if (columns.ejected[other] === 1) ejected++
  }
  return ejected < maxEjected(enabled, share)
}
