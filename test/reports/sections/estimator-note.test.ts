import { expect, test } from 'vitest'
import { estimatorNote } from '../../../reports/sections/estimator-note.ts'
import type { Finding } from '../../../src/result/document.ts'
import { percentileSummary } from '../../../src/stats/estimates/percentiles.ts'
import { type Summary, summarise } from '../../../src/stats/estimates/summary.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const [example] = exampleResult().findings as [Finding]

/** Findings with these estimates of throughput and p99. */
function note(...all: readonly { throughput: Summary; latencyP99?: Summary }[]): string {
  return estimatorNote(
    all.map((metrics) => ({ ...example, metrics })),
    ['throughput', 'latencyP99'],
  )
}

const trials = (n: number) => Array.from({ length: n }, (_, i) => 1000 + i)

/** The estimate of p99 from so many trials of 2,000 requests. */
function p99(n: number): Summary {
  const times = trials(n).map((micros) => {
    const one = histogram()
    one.recordMany(micros, 2000)
    return one
  })
  return percentileSummary(times, 99) as Summary
}

test.for([
  [1, 'One trial per arm: no error estimate.'],
  [2, 'Geometric mean of 2 trials; ± the distance to the farthest trial.'],
  [3, 'Geometric mean of 3 trials; ± the wider half of the 95 % confidence interval.'],
  [8, 'Geometric mean of 8 trials; ± the wider half of the 95 % confidence interval.'],
] as const)('%i trials: %s', ([n, words]) => {
  expect(note({ throughput: summarise(trials(n)) })).toBe(words)
})

test('percentiles are averaged as all else is', () => {
  expect(note({ throughput: summarise(trials(3)), latencyP99: p99(3) })).toBe(
    'Geometric mean of 3 trials; ± the wider half of the 95 % confidence interval.',
  )
})

test('fractions, and figures of earlier runs, have estimators of their own', () => {
  const older = { ...summarise(trials(8)), estimator: 'pseudo-median' as const }
  const plain = summarise(trials(7), { scale: 'difference' })
  expect(note({ throughput: plain }, { throughput: older })).toBe(
    'Mean of 7 trials, pseudo-median (Hodges–Lehmann) of 8 trials; ± the wider half of the 95 % confidence interval.',
  )
  expect(note({ throughput: summarise(trials(2)) }, { throughput: summarise(trials(4)) })).toBe(
    'Geometric mean of 2 to 4 trials; ± the wider half of the 95 % confidence interval, or the distance to the farthest trial where there are fewer than 3.',
  )
})
