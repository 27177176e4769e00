import type { HealthSettings } from '../config/health-settings.ts'
import { isEnabled, isHealthy } from './backend-state.ts'
import { maxEjected } from './ejection.ts'
import { cell, type HealthColumns, membership } from './health-memory.ts'

/** The columns of the backend table that are derived from health. */
interface Derived {
  readonly weight: Int32Array
  readonly eligible: Int32Array
}

/** What settling is done with. The lock is held. */
export interface EligibilityInput {
  readonly columns: HealthColumns
  readonly derived: Derived
  readonly settings: HealthSettings
  /** Seconds of the shared clock. */
  readonly now: number
}

/**
 * Derives from all that is known who may be picked: the only place that writes `eligible` and `weight`
 * of the backend table. Whoever changes a fact calls it, and time does (see sweeper.ts).
 */
export function recomputeEligibility(settling: EligibilityInput): void {
  endEjections(settling)
  keepWithinShare(settling)
  startAndEndRamps(settling)
  publishWeights(settling)
  publishEligible(settling)
}

/**
 * Ends the ejection of `row`, on probation: the next failure puts it out again, a success clears it. So a
 * backend that is still broken costs one request each time that it is tried, as in nginx.
 */
function bringBack(
  { columns, settings, now }: Omit<EligibilityInput, 'derived'>,
  row: number,
): void {
  columns.ejected[row] = 0
  columns.returnedAt[row] = now
  Atomics.store(columns.failures, row, Math.max(0, settings.passive.failures - 1))
}

function endEjections(settling: EligibilityInput): void {
  const { columns, now } = settling
  for (let row = 0; row < columns.rows; row++) {
    if (columns.ejected[row] === 1 && (columns.ejectedUntil[row] as number) <= now)
      bringBack(settling, row)
  }
}

/** Where backends left, fewer may be ejected: those come back first that would have soon. */
function keepWithinShare(settling: EligibilityInput): void {
  const { columns, settings } = settling
  let wanted = 0
  const out: number[] = []
  for (let row = 0; row < columns.rows; row++) {
    if (!isEnabled(columns, row)) continue
    wanted++
    if (columns.ejected[row] === 1) out.push(row)
  }
  const tooMany = out.length - maxEjected(wanted, settings.maxEjectedShare)
  if (tooMany <= 0) return
  const until = (row: number) => columns.ejectedUntil[row] as number
  for (const row of out.sort((a, b) => until(a) - until(b)).slice(0, tooMany)) {
    bringBack(settling, row)
  }
}

/** A slow start begins where a backend was out and is no more, and ends with its window. */
function startAndEndRamps({ columns, settings: { slowStart }, now }: EligibilityInput): void {
  for (let row = 0; row < columns.rows; row++) {
    const sound = isHealthy(columns, row)
    const since = columns.slowStartFrom[row] as number
    if (sound && columns.healthy[row] === 0 && slowStart > 0) {
      columns.slowStartFrom[row] = now
      columns.sliceOpen[row] = 0
    } else if (!sound || since < 0 || now - since >= slowStart) {
      columns.slowStartFrom[row] = -1
      columns.sliceOpen[row] = 1
    }
    columns.healthy[row] = sound ? 1 : 0
  }
}

/**
 * The generation moves on with any weight, and so when a backend joins: a row without one has weight 0.
 * It does so behind the weights, which new pickers are made from, and before anyone becomes eligible
 * whom old pickers do not know.
 */
function publishWeights({ columns, derived }: EligibilityInput): void {
  let changed = false
  for (let row = 0; row < columns.rows; row++) {
    const member = columns.membership[row] === membership.member
    const weight = member ? (columns.weight[row] as number) : 0
    if (derived.weight[row] === weight) continue
    Atomics.store(derived.weight, row, weight)
    changed = true
  }
  if (changed) Atomics.add(columns.common, cell.generation, 1)
}

function publishEligible({ columns, derived, settings }: EligibilityInput): void {
  let wanted = 0
  let sound = 0
  let open = 0
  for (let row = 0; row < columns.rows; row++) {
    if (!isEnabled(columns, row)) continue
    wanted++
    if (!isHealthy(columns, row)) continue
    sound++
    if (columns.sliceOpen[row] === 1) open++
  }
  const panic = sound < settings.panicThreshold * wanted
  columns.common[cell.panic] = panic ? 1 : 0
  for (let row = 0; row < columns.rows; row++) {
    // A slow start spares one backend at the cost of others; where there are none, nobody is spared.
    const may = panic
      ? isEnabled(columns, row)
      : isHealthy(columns, row) && (columns.sliceOpen[row] === 1 || open === 0)
    Atomics.store(derived.eligible, row, may ? 1 : 0)
  }
}
