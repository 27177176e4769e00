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
  const encoded = trials(n).map((micros) => {
    const times = histogram()
    for (let i = 0; i < 2000; i++) times.record(micros)
    return times.encode()
  })
  return percentileSummary(encoded, 99) as Summary
}

test.for([
  [1, 'One trial per arm: no error estimate.'],
  [2, 'Mean of 2 trials; ± the distance to the farthest trial.'],
  [3, 'Mean of 3 trials; ± the wider half of the 95 % confidence interval.'],
  [7, 'Mean of 7 trials; ± the wider half of the 95 % confidence interval.'],
  [
    8,
    'Pseudo-median (Hodges–Lehmann) of 8 trials; ± the wider half of the 95 % confidence interval.',
  ],
] as const)('%i trials: %s', ([n, words]) => {
  expect(note({ throughput: summarise(trials(n)) })).toBe(words)
})

test('percentiles are of a typical trial, as their interval is', () => {
  expect(note({ throughput: summarise(trials(3)), latencyP99: p99(3) })).toBe(
    'Mean of 3 trials; percentiles of a typical trial (mean of the logarithms of the trials’ own); ± the wider half of the 95 % confidence interval.',
  )
})

test('arms with other numbers of trials have their own estimator', () => {
  expect(note({ throughput: summarise(trials(7)) }, { throughput: summarise(trials(8)) })).toBe(
    'Mean of 7 trials, pseudo-median (Hodges–Lehmann) of 8 trials; ± the wider half of the 95 % confidence interval.',
  )
  expect(note({ throughput: summarise(trials(2)) }, { throughput: summarise(trials(4)) })).toBe(
    'Mean of 2 to 4 trials; ± the wider half of the 95 % confidence interval, or the distance to the farthest trial where there are fewer than 3.',
  )
})
