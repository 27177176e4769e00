import { backendAddress } from '../config/backend-address.ts'
import { type BackendState, stateOf } from './backend-state.ts'
import type { Health } from './health.ts'
import { membership, readUrl } from './health-memory.ts'
import { slowStartShare } from './slow-start.ts'

/** How one backend stands. */
export interface BackendReport {
  readonly row: number
  readonly id: string
  readonly url: string
  readonly weight: number
  /** The weight that its traffic comes to now: 0 where it gets none, a part of it in a slow start. */
  readonly effectiveWeight: number
  readonly state: BackendState
  /** In a few words why, '' where there is nothing to say. */
  readonly why: string
  readonly inFlight: number
  /** Times that it was ejected since it is there. */
  readonly ejections: number
}

/** Every backend that is a member or still has requests in flight. Pays no heed to the lock. */
export function reportBackends(
  { columns, settings, inFlight }: Health,
  {
    now,
    panic,
    failure,
  }: {
    readonly now: number
    /** Health is ignored at the moment. */
    readonly panic: boolean
    /** Why the latest check of a row failed. */
    readonly failure: (row: number) => string | undefined
  },
): BackendReport[] {
  function why(row: number, state: BackendState): string {
    const left = (columns.ejectedUntil[row] as number) - now
    if (state === 'down') return failure(row) ?? 'its checks failed'
    if (state === 'ejected') return `requests failed; back in ${Math.max(0, left).toFixed(1)} s`
    if (state === 'starting') return `slow start, at ${Math.round(100 * share(row))} %`
    if (state === 'leaving') return 'removed, with requests in flight'
    return state === 'drained' ? 'drained on request' : ''
  }

  function share(row: number): number {
    return slowStartShare(now - (columns.slowStartFrom[row] as number), settings.slowStart)
  }

  function factor(row: number, state: BackendState): number {
    if (state === 'up') return 1
    if (state === 'starting') return panic ? 1 : share(row)
    return panic && (state === 'down' || state === 'ejected') ? 1 : 0
  }

  function report(row: number): BackendReport {
    const url = readUrl(columns, row)
    const state = stateOf(columns, row)
    const weight = columns.weight[row] as number
    return {
      row,
      id: backendAddress(url).id,
      url,
      weight,
      effectiveWeight: weight * factor(row, state),
      state,
      why: why(row, state),
      inFlight: Atomics.load(inFlight, row),
      ejections: columns.ejections[row] as number,
    }
  }

  const rows = Array.from({ length: columns.rows }, (_, row) => row)
  return rows.filter((row) => isShown(row)).map(report)

  function isShown(row: number): boolean {
    const there = columns.membership[row]
    return there === membership.member || (there === membership.leaving && inFlight[row] !== 0)
  }
}
