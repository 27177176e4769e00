import { expect, test } from 'vitest'
import { notCoping } from '../../../reports/sections/not-coping.ts'
import { rowsOf } from '../../../reports/sections/rows.ts'
import { summaryOf } from '../../../reports/sections/summary.ts'
import type { Finding, ResultDocument, Summary } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const example = exampleResult()
const [firstArm] = example.plan.arms as [ResultDocument['plan']['arms'][number]]
const [firstFinding] = example.findings as [Finding]

function estimate(center: number, error = 0.05): Summary {
  return {
    center,
    estimator: 'mean',
    low: center * (1 - error),
    high: center * (1 + error),
    interval: 'confidence',
    confidence: 0.95,
    n: 3,
    warnings: [],
  }
}

/** A run of arms that differ in their algorithm, with these rates and p99s in seconds. */
function run(arms: Readonly<Record<string, readonly [rate: number, p99: number]>>): ResultDocument {
  const names = Object.keys(arms)
  return {
    ...example,
    comparisons: [],
    curves: [],
    plan: {
      ...example.plan,
      arms: names.map((algorithm) => ({ ...firstArm, name: algorithm, algorithm, cores: 1 })),
    },
    findings: names.flatMap((arm): Finding[] => {
      const [rate, p99] = arms[arm] as readonly [number, number]
      const common = {
        ...firstFinding,
        arm,
        validity: 'valid' as const,
        bottleneck: 'backends' as const,
      }
      return [
        {
          ...common,
          phase: 'capacity',
          isLowerBound: true,
          metrics: { throughput: estimate(rate) },
        },
        {
          ...common,
          phase: 'latency',
          isLowerBound: false,
          metrics: { latencyP99: estimate(p99) },
        },
      ]
    }),
  }
}

const sentences = (document: ResultDocument) =>
  notCoping(rowsOf(document, 'capacity'), rowsOf(document, 'latency'))

test('the first sentence names the algorithm that does not cope, with its figures and those of the others', () => {
  const document = run({
    'round-robin': [612, 0.241],
    'least-connections': [1730, 0.104],
    weighted: [1700, 0.112],
  })
  expect(summaryOf(document)).toMatch(
    /^Round-robin does not cope: 612 req\/s, against 1,700 req\/s to 1,730 req\/s of the others; p99 241 ms, against 104 ms to 112 ms of the others\./,
  )
})

test('no arm is named where all are alike, where intervals overlap, or where there are only two', () => {
  expect(sentences(run({ a: [1000, 0.1], b: [1100, 0.11], c: [900, 0.12] }))).toEqual([])
  expect(sentences(run({ a: [1000, 0.1], b: [300, 0.5] }))).toEqual([])
  const wide = run({ a: [1000, 0.1], b: [1000, 0.1], c: [500, 0.1] })
  for (const { metrics } of wide.findings) {
    if (metrics.throughput) metrics.throughput = estimate(metrics.throughput.center, 0.6)
  }
  expect(sentences(wide)).toEqual([])
})

test('an arm that is far ahead makes none of the others fall behind', () => {
  expect(sentences(run({ a: [5000, 0.1], b: [1000, 0.1], c: [990, 0.1], d: [1010, 0.1] }))).toEqual(
    [],
  )
})
