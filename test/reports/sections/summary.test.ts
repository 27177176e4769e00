import { expect, test } from 'vitest'
import { summaryOf } from '../../../reports/sections/summary.ts'
import type { Comparison, Finding, ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const example = exampleResult()
const of = (changes: Partial<ResultDocument>) => summaryOf({ ...example, ...changes })

function compared(changes: Partial<Comparison>): Partial<ResultDocument> {
  const [first] = example.comparisons
  return { comparisons: [{ ...(first as Comparison), ...changes }] }
}

/** The findings of the example, each changed. */
function findings(change: (finding: Finding, i: number) => void): Partial<ResultDocument> {
  const copy = structuredClone(example.findings)
  copy.forEach(change)
  return { findings: copy }
}

test('names the highest throughput, the next one, and the evidence by the pairs of the trials', () => {
  expect(of({})).toContain(
    'Highest throughput on 1 core: round-robin (15,100 req/s), then least-connections (14,100 req/s); ratio of the pairs 1.056 (95 % interval 1.034 to 1.079).',
  )
})

test.for([
  ['same', /; the same within 3\.0 %: ratio of the pairs/],
  ['inconclusive', /; ratio of the pairs 1\.056 \(95 % interval/],
  ['too few trials', /; 5 pairs are too few for a comparison/],
] as const)(
  'a comparison with the outcome "%s" is no significant difference',
  ([outcome, words]) => {
    const text = of(compared({ outcome }))
    expect(text).toMatch(words)
    expect(text).toMatch(
      /^No significant difference in throughput on 1 core: round-robin \(15,100 req\/s\) and least-connections \(14,100 req\/s\);/,
    )
    expect(text).not.toContain('Highest throughput')
  },
)

test('without a comparison the intervals decide, and few trials decide nothing', () => {
  expect(of({ comparisons: [] })).toMatch(
    /^Highest throughput [^;]*; their intervals do not overlap \(no interval of the difference\)/,
  )
  const wide = findings(({ metrics }) => Object.assign(metrics.throughput as object, { low: 1 }))
  expect(of({ comparisons: [], ...wide })).toMatch(
    /^No significant difference [^;]*; their intervals overlap/,
  )
  const single = findings(({ metrics }) => Object.assign(metrics.throughput as object, { n: 1 }))
  expect(of({ comparisons: [], ...single })).toMatch(
    /^No significant difference [^;]*; one trial each gives no error estimate/,
  )
  const few = findings(({ metrics }) => Object.assign(metrics.latencyP99 as object, { n: 3 }))
  expect(of(few)).toMatch(
    /At saturation, no significant difference in p99: round-robin \(5\.24 ms\) to/,
  )
})

test('lower bounds have no order, however far they lie apart', () => {
  const second = findings((finding, i) => Object.assign(finding, { isLowerBound: i === 1 }))
  expect(of(second)).toMatch(
    /^No winner in throughput on 1 core: .*; least-connections was not the bottleneck\./,
  )
  const both = findings((finding) => Object.assign(finding, { isLowerBound: true }))
  expect(of(both)).toMatch(
    /^No winner in throughput on 1 core: .* \(at least .*; neither of the two was the bottleneck\./,
  )
})

test('a lower bound is called one', () => {
  expect(of({})).toContain('From 1 to 2 cores: round-robin from 15,100 req/s to at least 21,100')
})

test('oversubscribed and invalid rows are counted and never ranked', () => {
  expect(of({})).toContain('Not ranked: 1 arm with more workers than CPUs.')
  expect(of({})).not.toContain('18,600')
  const invalid = findings((finding) => Object.assign(finding, { validity: 'invalid' }))
  expect(of(invalid)).not.toContain('throughput on')
  expect(of(invalid)).toContain('Not ranked: 4 arms without a valid trial.')
})

test('names the bottleneck, once where it was the same in every arm', () => {
  expect(of({})).toContain('the driver in round-robin ×2')
  const alike = findings((finding) => Object.assign(finding, { bottleneck: 'backends' }))
  expect(of(alike)).toContain('Bottleneck in every arm: the backends.')
  const idle = findings((finding) => Object.assign(finding, { bottleneck: 'none' }))
  expect(of(idle)).toContain('No CPU was saturated in any arm.')
})

test('without a finding there is nothing to rank', () => {
  expect(of({ findings: [] })).toBe('No trial was completed: there is nothing to rank.')
})
