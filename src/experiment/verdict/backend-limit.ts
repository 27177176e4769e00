import type { ServiceTime } from '../../plan/plan.ts'
import { ms, percent } from '../words.ts'
import type { Evidence, Limit } from './verdict.ts'

/** Fraction of what a backend can answer at most from which it counts as full. */
const full = 0.9
/** Fraction of a request's time that the backends were told to take, from which on it is them that are waited for. */
const mostly = 0.5

/**
 * Backends that limit by the time that they were told to take, with hardly any CPU used: one that works on as
 * many requests at once as it may, or all of them where most of each request's time is theirs. Closed loop
 * only: at a given rate it is the rate that limits.
 *
 * Source: the asymptotic bounds of Denning and Buzen, ACM Computing Surveys 10(3), 1978.
 */
export function backendLimit(evidence: Evidence): Limit | undefined {
  const { measured, backends } = evidence
  const all = measured.perBackend.reduce((sum, count) => sum + count, 0)
  if (measured.trial.phase !== 'capacity' || all === 0) return undefined
  const rows = backends.map(({ serviceTime, concurrency }, i) => ({
    share: (measured.perBackend[i] ?? 0) / all,
    seconds: meanSeconds(serviceTime),
    concurrency,
  }))
  return fullBackend(rows, measured) ?? slowBackends(rows, measured)
}

interface Row {
  /** Of all requests. */
  readonly share: number
  /** Mean time that it works on one. */
  readonly seconds: number
  readonly concurrency: number
}

function fullBackend(rows: readonly Row[], measured: Evidence['measured']): Limit | undefined {
  const { window, windowSeconds } = measured
  const rate = (window.ok + window.non2xx) / windowSeconds
  for (const [i, { share, seconds, concurrency }] of rows.entries()) {
    if (concurrency === 0 || seconds === 0) continue
    const most = concurrency / seconds
    if (rate * share < full * most) continue
    return {
      bottleneck: 'backends',
      because: `backend ${i + 1} answered ${Math.round(rate * share)} of the ${Math.round(most)} requests a second that it can`,
    }
  }
  return undefined
}

function slowBackends(rows: readonly Row[], measured: Evidence['measured']): Limit | undefined {
  const seconds = rows.reduce((sum, row) => sum + row.share * row.seconds, 0)
  const share = seconds / measured.meanSeconds
  if (seconds === 0 || share < mostly) return undefined
  return {
    bottleneck: 'backends',
    because: `of the ${ms(measured.meanSeconds)} that a request took, ${percent(Math.min(1, share))} is what the backends were told to take`,
  }
}

function meanSeconds(time: ServiceTime): number {
  switch (time.kind) {
    case 'none':
      return 0
    case 'fixed':
      return time.seconds
    case 'exponential':
      return time.mean
    case 'lognormal':
      return time.median * Math.exp(time.sigma ** 2 / 2)
  }
}
