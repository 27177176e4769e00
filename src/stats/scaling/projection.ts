import type { Interval } from '../estimates/bootstrap.ts'
import type { Summary } from '../estimates/summary.ts'

/** What a target could do on more cores than were there: bounds in requests per second, never a forecast. */
export interface Projection {
  readonly cores: number
  /** No more than this, as each request costs CPU time, with the interval that comes from that cost. */
  readonly atMost: Interval & { readonly center: number }
  /** No less than this, if contention stays what was measured; undefined where it was not. */
  readonly atLeast: number | undefined
}

/** Contention σ as a fit found it, and on how many core counts that the host really has. */
export interface MeasuredContention {
  /** Upper end of its interval. */
  readonly high: number
  readonly coreCounts: number
}

/** Core counts from which contention counts as measured. */
const enoughCoreCounts = 3

/**
 * Bounds from the CPU time of a request, D: X(c) ≤ c / D. The lower edge takes contention at its worst,
 * c / D / (1 + σ(c − 1)), and is given only if that was measured on 3 core counts or more.
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
  const known = contention !== undefined && contention.coreCounts >= enoughCoreCounts
  return {
    cores,
    atMost,
    atLeast: known ? atMost.low / (1 + contention.high * (cores - 1)) : undefined,
  }
}
