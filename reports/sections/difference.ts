import { percent } from '../../src/kit/units.ts'
import type { Comparison, Summary } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'

/** A comparison in a line: `throughput 5.3 % less (95 % interval 3.3 % less … 7.3 % less): worse`. */
export function difference(comparison: Comparison): string {
  const { metric, ratio, uncorrectedRatio, outcome, margin } = comparison
  const meaning = outcome === 'same' ? `same within ${percent(margin)}` : outcome
  const uncorrected = uncorrectedRatio ? `; uncorrected ${estimated(uncorrectedRatio)}` : ''
  return `${metrics[metric].label} ${estimated(ratio)}: ${meaning}${uncorrected}`
}

/** `5.3 % less (95 % interval 3.3 % less … 7.3 % less)`. */
function estimated({ center, low, high, confidence, interval, n }: Summary): string {
  const edges = `${change(low)} … ${change(high)}`
  const sure =
    interval === 'confidence' ? `${percent(confidence)} interval ${edges}` : `${n} pairs ${edges}`
  return `${change(center)} (${sure})`
}

/** A ratio as a change: `5.3 % less`. */
function change(ratio: number): string {
  const size = percent(ratio - 1)
  if (size === '0 %') return 'the same'
  return `${size} ${ratio < 1 ? 'less' : 'more'}`
}
