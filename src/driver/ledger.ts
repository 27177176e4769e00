import { histogram } from '../stats/histogram.ts'
import type { Counts, DriverReport } from './driver.ts'

/** Kinds of trouble that are told apart; the rest is counted together. */
const mostKinds = 16

/** Where a driver writes down what became of each request: each exactly once. */
export interface Ledger {
  /** A complete answer, after so many seconds. `within`: it belongs to the window. */
  answered(status: number, seconds: number, within: boolean): void
  /** No complete answer, by the trouble named `kind`. */
  failed(kind: string, seconds: number, within: boolean): void
  /** No complete answer within the time-out. */
  timedOut(seconds: number, within: boolean): void
  /** An arrival that was never sent, and why. */
  dropped(why: string, within: boolean): void
  /** Answers completed in each 100 ms that are over. */
  bins(): readonly number[]
  report(): Recorded
}

/** The part of a driver's report that comes from the ledger. */
export type Recorded = Pick<
  DriverReport,
  'window' | 'total' | 'latency' | 'meanSeconds' | 'bins' | 'errorKinds'
>

type Writable<T> = { -readonly [key in keyof T]: T[key] }

/** An empty ledger; its bins begin now. What it keeps does not grow with the requests, only with the bins. */
export function ledger(): Ledger {
  const begin = performance.now()
  const total = none()
  const window = none()
  const latency = histogram()
  const bins: number[] = []
  const kinds = new Map<string, number>()
  let sumSeconds = 0

  const binNow = (): number => Math.floor((performance.now() - begin) / 100)
  const note = (outcome: keyof Counts, seconds: number, within: boolean): void => {
    total[outcome]++
    if (!within) return
    window[outcome]++
    sumSeconds += seconds
  }
  const trouble = (kind: string): void => {
    const known = kinds.has(kind) || kinds.size < mostKinds ? kind : 'other'
    kinds.set(known, (kinds.get(known) ?? 0) + 1)
  }

  return {
    answered(status, seconds, within) {
      const ok = status >= 200 && status < 300
      note(ok ? 'ok' : 'non2xx', seconds, within)
      if (!ok) trouble(`status ${status}`)
      if (within) latency.record(seconds * 1e6)
      const bin = binNow()
      while (bins.length <= bin) bins.push(0)
      bins[bin] = (bins[bin] as number) + 1
    },
    failed(kind, seconds, within) {
      note('errors', seconds, within)
      trouble(kind)
    },
    timedOut(seconds, within) {
      note('timeouts', seconds, within)
      trouble('timed out')
    },
    dropped(why, within) {
      note('dropped', 0, within)
      trouble(`not sent: ${why}`)
    },
    bins() {
      const over = binNow()
      while (bins.length < over) bins.push(0)
      return bins.slice(0, over)
    },
    report() {
      const sent = window.ok + window.non2xx + window.errors + window.timeouts
      return {
        window,
        total,
        latency: latency.encode(),
        meanSeconds: sent === 0 ? 0 : sumSeconds / sent,
        bins,
        errorKinds: Object.fromEntries(kinds),
      }
    },
  }
}

function none(): Writable<Counts> {
  return { ok: 0, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
}
