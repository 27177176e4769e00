import { slowStartShare } from '../../algorithms/parts/slow-start.ts'
import { backendAddress } from '../config/backend-address.ts'
import { readRecord } from '../config/backend-record.ts'
import { type FailureReason, failureReasons, reasonCodes } from '../shared/failure-reasons.ts'
import { type BackendState, stateOf } from './backend-state.ts'
import type { Health } from './health.ts'
import { membership, readRecordText } from './health-memory.ts'

/** State and weight of one backend, for the admin port. */
export interface BackendReport {
  readonly row: number
  readonly id: string
  readonly url: string
  readonly weight: number
  /** Undefined without one. */
  readonly zone: string | undefined
  readonly backup: boolean
  /** The weight that applies now: 0 while it gets no requests, a part of `weight` in a slow start. */
  readonly effectiveWeight: number
  readonly state: BackendState
  /** Why it is in this state, in a few words; '' when it is up. */
  readonly reason: string
  readonly inFlight: number
  /** Ejections since the backend was added. */
  readonly ejections: number
  /** The latest request that failed at it; undefined where none has. */
  readonly lastFailure: LastFailure | undefined
}

/** Why a backend is `leaving`. */
export const leavingReason = 'removed, with requests in flight'

/** A failure of a request at a backend. */
interface LastFailure {
  readonly reason: FailureReason
  readonly meaning: string
  /** In UTC, as `2026-01-31T12:00:00.000Z`. */
  readonly time: string
}

/** What a report needs besides the shared memory. */
interface ReportOptions {
  readonly now: number
  /** Health is ignored at the moment: see `panicThreshold`. */
  readonly panic: boolean
  /** Why the latest check of a row failed. */
  readonly failureReason: (row: number) => string | undefined
}

/** Every backend of the set, and those removed with requests in flight. Reads without the lock. */
export function reportBackends(
  { columns, settings, inFlight }: Health,
  { now, panic, failureReason }: ReportOptions,
): BackendReport[] {
  function reason(row: number, state: BackendState): string {
    const left = (columns.ejectedUntil[row] as number) - now
    if (state === 'down') return failureReason(row) ?? 'health checks failed'
    if (state === 'ejected') return `requests failed; back in ${Math.max(0, left).toFixed(1)} s`
    if (state === 'starting') return `slow start, at ${Math.round(100 * share(row))} %`
    if (state === 'leaving') return leavingReason
    if (state === 'drained') return 'drained on request'
    if (!isStandby(row)) return ''
    return columns.backup[row] === 1 ? 'standby: backup' : 'standby: in another zone'
  }

  function share(row: number): number {
    return slowStartShare(now - (columns.slowStartFrom[row] as number), settings.slowStart)
  }

  function isStandby(row: number): boolean {
    return columns.standby[row] === 1 && !panic
  }

  function factor(row: number, state: BackendState): number {
    if (isStandby(row)) return 0
    if (state === 'up') return 1
    if (state === 'starting') return panic ? 1 : share(row)
    return panic && (state === 'down' || state === 'ejected') ? 1 : 0
  }

  function lastFailure(row: number): LastFailure | undefined {
    const reason = reasonCodes[(columns.latestReason[row] as number) - 1]
    if (reason === undefined) return undefined
    const { meaning } = failureReasons[reason]
    const secondsAgo = now - (columns.failedAt[row] as number)
    return { reason, meaning, time: new Date(Date.now() - 1000 * secondsAgo).toISOString() }
  }

  function report(row: number): BackendReport {
    const { url, zone, backup = false } = readRecord(readRecordText(columns, row))
    const state = stateOf(columns, row)
    const weight = columns.weight[row] as number
    return {
      row,
      id: backendAddress(url).id,
      url,
      weight,
      zone,
      backup,
      effectiveWeight: weight * factor(row, state),
      state,
      reason: reason(row, state),
      inFlight: Atomics.load(inFlight, row),
      ejections: columns.ejections[row] as number,
      lastFailure: lastFailure(row),
    }
  }

  const rows = Array.from({ length: columns.rows }, (_, row) => row)
  return rows.filter((row) => isListed(row)).map(report)

  function isListed(row: number): boolean {
    const state = columns.membership[row]
    return state === membership.member || (state === membership.leaving && inFlight[row] !== 0)
  }
}
