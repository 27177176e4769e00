import type { Interval } from '../estimates/interval.ts'
import type { Summary } from '../estimates/summary.ts'

/** Bounds on the throughput on more cores than the host has, in requests per second; not a forecast. */
export interface Projection {
  readonly cores: number
  /** Upper bound from the CPU time per request, with its interval. */
  readonly atMost: Interval & { readonly center: number }
  /** Lower bound if contention stays as measured; undefined where it was not measured. */
  readonly atLeast: number | undefined
}

/** Contention σ of a fit, and the number of core counts of this host that it comes from. */
export interface MeasuredContention {
  /** Upper end of its interval. */
  readonly high: number
  readonly coreCounts: number
}

/** Minimum number of core counts from which contention counts as measured. */
const minCoreCounts = 3

/**
 * Bounds from the CPU time of a request, D: X(c) ≤ c / D. The lower bound uses the upper end of contention,
 * c / D / (1 + σ(c − 1)), and exists only if that was measured on 3 core counts or more.
 *
 * Source: the utilisation law (Denning and Buzen, 1978) and Amdahl, AFIPS 1967.
 */
export function projection(
  cpuPerRequest: Pick<Summary, 'center' | 'low' | 'high'>,
  cores: number,
  contention?: MeasuredContention,
): Projection {
  const bound = (seconds: number) => (seconds > 0 ? cores / seconds : Number.POSITIVE_INFINITY)
  const atMost = {
    center: bound(cpuPerRequest.center),
    low: bound(cpuPerRequest.high),
    high: bound(cpuPerRequest.low),
  }
  const known = contention !== undefined && contention.coreCounts >= minCoreCounts
  return {
    cores,
    atMost,
    atLeast: known ? atMost.low / (1 + contention.high * (cores - 1)) : undefined,
  }
}
