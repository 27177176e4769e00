import { type HealthColumns, membership } from './health-memory.ts'

/**
 * How a backend stands: `leaving` was removed and has requests in flight; `drained` and `no weight` get
 * nothing because someone said so; `down` was found so by checks; `ejected` failed requests; `starting`
 * is in its slow start.
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

/** The state of the backend in `row`: the first reason against it counts. */
export function stateOf(columns: HealthColumns, row: number): BackendState {
  const there = columns.membership[row]
  if (there !== membership.member) return there === membership.leaving ? 'leaving' : 'absent'
  if (columns.drained[row] === 1) return 'drained'
  if (columns.weight[row] === 0) return 'no weight'
  if (columns.down[row] === 1) return 'down'
  if (columns.ejected[row] === 1) return 'ejected'
  return (columns.slowStartFrom[row] as number) >= 0 ? 'starting' : 'up'
}

/** Whether the backend in `row` is meant to get traffic, were it healthy. */
export function isEnabled(columns: HealthColumns, row: number): boolean {
  return (
    columns.membership[row] === membership.member &&
    columns.drained[row] === 0 &&
    (columns.weight[row] as number) > 0
  )
}

/** Whether the backend in `row` is wanted, and nothing is known against it. */
export function isHealthy(columns: HealthColumns, row: number): boolean {
  return isEnabled(columns, row) && columns.down[row] === 0 && columns.ejected[row] === 0
}
