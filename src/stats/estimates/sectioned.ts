import { studentQuantile } from '../distributions/student-t.ts'
import type { Summary } from './summary.ts'

/** Sections from which an interval says anything. */
const intervalFrom = 3

/**
 * A quantile of all values together, with an interval from the quantiles of the sections (replications) around it. A quantile of one
 * section is biased where its values depend on each other, as the times of a queue do; that of all values is less so, and the
 * interval is wider by the bias. With fewer than 3 sections their range takes the place of the interval.
 *
 * Source: Asmussen and Glynn, Stochastic Simulation, 2007, section III.5a (sectioning); Nakayama, ACM TOMACS 24(4), 2014.
 */
export function sectioned(center: number, sections: readonly number[], confidence = 0.95): Summary {
  const n = sections.length
  const estimator = 'merged histograms'
  if (n < intervalFrom) {
    return {
      ...{ center, estimator, n },
      ...{ low: Math.min(center, ...sections), high: Math.max(center, ...sections) },
      ...{ interval: 'range', confidence: 0 },
      warnings: [{ code: 'too-few-trials', values: { trials: n } }],
    }
  }
  const squares = sections.reduce((sum, one) => sum + (one - center) ** 2, 0)
  const reach = studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(squares / (n * (n - 1)))
  return {
    ...{ center, estimator, n, low: Math.max(0, center - reach), high: center + reach },
    ...{ interval: 'confidence', confidence, warnings: [] },
  }
}
