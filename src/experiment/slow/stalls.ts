import { median } from '../../stats/estimates/quantile.ts'
import type { SlowSpan } from './name-cause.ts'

/** Fraction of the usual number of responses below which a bin is a stall; and the number from which on one can be told. */
const [stallShare, minUsual] = [0.5, 10]
/** Standard deviations of the responses of a bin by which a stall is below the usual number. */
const deviations = 4
/** Standard deviations of a normal distribution in its median absolute deviation. */
const deviationsPerMad = 1.4826

/** Responses in a part of a load, about 100 ms. */
export interface ThroughputBin {
  readonly fromMs: number
  readonly untilMs: number
  readonly responses: number
  /** The load that was planned for it, in any unit: the usual number of responses is in proportion to it. */
  readonly planned: number
}

/**
 * Stalls of throughput: bins with less than half the usual number of responses, where chance does not explain it. Usual for the
 * planned load is the median ratio of all bins, or of a bin and its `neighbours` on each side; chance is a Poisson count, or the
 * median deviation of the bins from what is usual, where that is more.
 */
export function stallsOf(bins: readonly ThroughputBin[], neighbours?: number): SlowSpan[] {
  const loaded = bins.filter(({ planned }) => planned > 0)
  const ratios = loaded.map(({ responses, planned }) => responses / planned)
  const ratioAt = medianAround(ratios, neighbours)
  const usual = loaded.map(({ planned }, i) => planned * ratioAt(i))
  const relative = loaded.flatMap(({ responses }, i) => {
    const expected = usual[i] as number
    return expected > 0 ? [Math.abs(responses / expected - 1)] : []
  })
  const spread = relative.length === 0 ? 0 : deviationsPerMad * median(relative)
  return loaded.flatMap(({ fromMs, untilMs, responses }, i) => {
    const expected = usual[i] as number
    const deviation = Math.max(Math.sqrt(expected), spread * expected)
    const isStall =
      expected >= minUsual &&
      responses < stallShare * expected &&
      responses + deviations * deviation < expected
    return isStall
      ? [{ fromMs, untilMs, excessMs: (untilMs - fromMs) * (1 - responses / expected) }]
      : []
  })
}

/**
 * The median of all values, or of a value and its `neighbours` on each side. Near an end these are fewer on both sides: where the
 * values rise from the first one on, as responses do while the first visits pause, the first is no stall.
 */
function medianAround(
  values: readonly number[],
  neighbours: number | undefined,
): (place: number) => number {
  if (neighbours === undefined) {
    const all = values.length === 0 ? 0 : median(values)
    return () => all
  }
  return (place) => {
    const reach = Math.min(neighbours, place, values.length - 1 - place)
    return median(values.slice(place - reach, place + reach + 1))
  }
}
