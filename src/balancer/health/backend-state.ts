import { type HealthColumns, membership } from './health-memory.ts'

/**
 * The state of a backend. `leaving`: removed, with requests in flight. `drained` and `no weight`: disabled
 * by an operator. `down`: active checks failed. `ejected`: requests failed. `starting`: in its slow start.
 */
export type BackendState =
  | 'absent'
  | 'leaving'
  | 'drained'
  | 'no weight'
  | 'down'
  | 'ejected'
  | 'starting'
  | 'up'

/** The state of the backend in `row`: the first reason, in this order, that keeps it from full traffic. */
export function stateOf(columns: HealthColumns, row: number): BackendState {
  const state = columns.membership[row]
  if (state !== membership.member) return state === membership.leaving ? 'leaving' : 'absent'
  if (columns.drained[row] === 1) return 'drained'
  if (columns.weight[row] === 0) return 'no weight'
  if (columns.down[row] === 1) return 'down'
  if (columns.ejected[row] === 1) return 'ejected'
  return (columns.slowStartFrom[row] as number) >= 0 ? 'starting' : 'up'
}

/** Whether the backend in `row` is in the set, not drained, and has a weight: health does not matter. */
export function isEnabled(columns: HealthColumns, row: number): boolean {
  return (
    columns.membership[row] === membership.member &&
    columns.drained[row] === 0 &&
    (columns.weight[row] as number) > 0
  )
}

/** Whether the backend in `row` is enabled, and neither down nor ejected. */
export function isHealthy(columns: HealthColumns, row: number): boolean {
  return isEnabled(columns, row) && columns.down[row] === 0 && columns.ejected[row] === 0
}
