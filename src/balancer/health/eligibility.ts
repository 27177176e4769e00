import type { HealthSettings } from '../config/health-settings.ts'
import { isEnabled, isHealthy } from './backend-state.ts'
import { maxEjected } from './ejection.ts'
import { cell, type HealthColumns, membership } from './health-memory.ts'
import { isPreferred, markStandby } from './preferred-backends.ts'

/** The columns of the backend table that are derived from health. */
interface DerivedColumns {
  readonly weight: Int32Array
  readonly eligible: Int32Array
}

/** What eligibility is computed from. The lock must be held. */
export interface EligibilityInput {
  readonly columns: HealthColumns
  readonly derived: DerivedColumns
  readonly settings: HealthSettings
  /** Seconds of the shared clock. */
  readonly now: number
}

/**
 * Takes unhealthy backends out of rotation, and back in: computes from health and settings which rows are eligible or
 * ineligible. A backend is unhealthy once active-checks.ts has set `down` or passive.ts has set `ejected`; algorithms
 * skip rows that are not eligible (algorithms/parts/may-pick.ts). This is the only code that writes `eligible`
 * and `weight` of the backend table. It runs after every change and periodically (see eligibility-timer.ts).
 */
export function recomputeEligibility(input: EligibilityInput): void {
  endEjections(input)
  enforceMaxEjectedShare(input)
  updateSlowStarts(input)
  publishWeights(input)
  publishEligible(input)
}

/**
 * Ends the ejection of `row`, on probation: the next failure ejects it again, a success clears the count.
 * So a backend that is still broken costs one request at each attempt, as in nginx.
 */
function endEjection(
  { columns, settings, now }: Omit<EligibilityInput, 'derived'>,
  row: number,
): void {
  columns.ejected[row] = 0
  columns.returnedAt[row] = now
  Atomics.store(columns.failures, row, Math.max(0, settings.passive.failures - 1))
}

function endEjections(input: EligibilityInput): void {
  const { columns, now } = input
  for (let row = 0; row < columns.rows; row++) {
    if (columns.ejected[row] === 1 && (columns.ejectedUntil[row] as number) <= now)
      endEjection(input, row)
  }
}

/** After backends were removed, fewer may be ejected: ends the ejections that would end first. */
function enforceMaxEjectedShare(input: EligibilityInput): void {
  const { columns, settings } = input
  let enabled = 0
  const ejected: number[] = []
  for (let row = 0; row < columns.rows; row++) {
    if (!isEnabled(columns, row)) continue
    enabled++
    if (columns.ejected[row] === 1) ejected.push(row)
  }
  const excess = ejected.length - maxEjected(enabled, settings.maxEjectedShare)
  if (excess <= 0) return
  const until = (row: number) => columns.ejectedUntil[row] as number
  for (const row of ejected.sort((a, b) => until(a) - until(b)).slice(0, excess)) {
    endEjection(input, row)
  }
}

/** A slow start begins when a backend becomes healthy again, and ends with its window. */
function updateSlowStarts({ columns, settings: { slowStart }, now }: EligibilityInput): void {
  for (let row = 0; row < columns.rows; row++) {
    const healthy = isHealthy(columns, row)
    const since = columns.slowStartFrom[row] as number
    if (healthy && columns.healthy[row] === 0 && slowStart > 0) {
      columns.slowStartFrom[row] = now
      columns.sliceOpen[row] = 0
    } else if (!healthy || since < 0 || now - since >= slowStart) {
      columns.slowStartFrom[row] = -1
      columns.sliceOpen[row] = 1
    }
    columns.healthy[row] = healthy ? 1 : 0
  }
}

/**
 * Publishes the weights. Any change of a weight increments the generation; so does a backend that is added,
 * since a row without a backend has weight 0. It is incremented after the weights, from which new pickers
 * are made, and before a row becomes eligible that old pickers do not know.
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
  markStandby(columns, settings)
  const rows = Array.from({ length: columns.rows }, (_, row) => row)
  const enabled = rows.filter((row) => isEnabled(columns, row))
  const healthy = enabled.filter((row) => isHealthy(columns, row))
  const isOpen = (row: number) => isPreferred(columns, row) && columns.sliceOpen[row] === 1
  const panic = healthy.length < settings.panicThreshold * enabled.length
  columns.common[cell.panic] = panic ? 1 : 0
  // A slow start shifts load to the other backends. When none of them is open, it is ignored.
  const isEligible = healthy.some(isOpen) ? isOpen : (row: number) => isPreferred(columns, row)
  let changed = false
  for (const row of rows) {
    const eligible = (panic ? isEnabled(columns, row) : isEligible(row)) ? 1 : 0
    if (derived.eligible[row] === eligible) continue
    Atomics.store(derived.eligible, row, eligible)
    changed = true
  }
  if (changed) Atomics.add(columns.common, cell.eligibility, 1)
}
