import { shift } from '../estimates/hodges-lehmann.ts'
import { mean, standardDeviation } from '../estimates/moments.ts'
import type { SummaryWarning } from '../estimates/summary-warning.ts'
import { around, type Comparison, type Criteria, outcomeOf } from './comparison.ts'
import { mannWhitney } from './mann-whitney.ts'
import { welch } from './welch.ts'

/**
 * Compares two arms whose trials do not belong together in pairs, such as those of two runs: the quotient of their
 * means (of logarithms) with the exact interval of the Mann–Whitney test, widened to that where an outlier moved it out;
 * Welch's stands beside it. What drifted between the two samples is part of the difference, and nothing here can tell.
 *
 * @throws {RangeError} a sample of fewer than 2, or a value that is not positive and finite.
 */
export function compareIndependent(
  base: readonly number[],
  other: readonly number[],
  {
    better,
    margin,
    confidence = 0.95,
    center = Math.exp(meanLog(other) - meanLog(base)),
  }: Criteria,
): Comparison {
  const [from, to] = [logs(base), logs(other)]
  const ranked = shift(to, from, confidence)
  const estimate = around(Math.log(center), ranked)
  const spread = Math.hypot(standardDeviation(from), standardDeviation(to))
  // Of samples without any spread there is no t.
  const p = mannWhitney(to, from).p
  const beside = spread > 0 ? welch(to, from, confidence) : { ...ranked, p: Number(p === 1) }
  const minP = minRankSumP(from.length, to.length)
  const decidable = minP <= 1 - confidence
  return {
    ratio: {
      center: Math.exp(estimate.center),
      estimator: 'mean of logarithms',
      low: Math.exp(estimate.low),
      high: Math.exp(estimate.high),
      interval: 'confidence',
      // Of samples too small for the level asked for, the widest interval there is covers less.
      confidence: decidable ? confidence : ranked.confidence,
      n: Math.min(from.length, to.length),
      warnings: decidable ? [] : [tooFew(from.length, to.length, confidence)],
    },
    method: 'rank-sum',
    beside: { low: Math.exp(beside.low), high: Math.exp(beside.high), confidence, p: beside.p },
    margin,
    outcome: decidable ? outcomeOf(estimate, { better, margin }) : 'too few trials',
    p,
    minP,
    spread,
  }
}

/** The minimum two-sided p that a Mann–Whitney test can reach: all of one sample above all of the other. */
function minRankSumP(m: number, n: number): number {
  let splits = 1
  for (let i = 1; i <= m; i++) splits *= (n + i) / i
  return Math.min(1, 2 / splits)
}

function meanLog(values: readonly number[]): number {
  return mean(values.map(Math.log))
}

function logs(values: readonly number[]): number[] {
  const wrong = values.find((value) => !(value > 0) || !Number.isFinite(value))
  if (wrong !== undefined) throw new RangeError(`a ratio needs positive values, not ${wrong}`)
  if (values.length < 2) {
    throw new RangeError(`a comparison needs 2 trials a side, not ${values.length}`)
  }
  return values.map(Math.log)
}

function tooFew(base: number, head: number, confidence: number): SummaryWarning {
  let needed = 2
  while (minRankSumP(needed, needed) > 1 - confidence) needed++
  return { code: 'too-few-trials-per-side', values: { base, head, needed, confidence } }
}
