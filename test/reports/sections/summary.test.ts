import { expect, test } from 'vitest'
import { summaryOf } from '../../../reports/sections/summary.ts'
import type { Comparison, Finding, ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/result-document.ts'

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

test('says who answered most, by how much, and how sure that is, by the pairs of the trials', () => {
  expect(of({})).toContain(
    'On 1 core, round-robin answered most: 15,100 req/s, 5.6 % more than least-connections with 14,100 req/s; that holds (95 % interval of the ratio 1.034 to 1.079).',
  )
})

test.for([
  ['same', /that counts as the same \(within 3\.0 %; 95 % interval/],
  ['inconclusive', /whether that is more than chance is unclear \(95 %/],
  ['too few trials', /so few trials cannot decide whether that is chance/],
] as const)('a comparison that comes to "%s" is not sold as a difference', ([outcome, words]) => {
  expect(of(compared({ outcome }))).toMatch(words)
  expect(of(compared({ outcome }))).not.toMatch(/more than least-connections [^;]*; that holds/)
})

test('without a comparison it says what the trials show, and no more', () => {
  const apart =
    /least-connections with 14,100 req\/s; their trials do not overlap, though no interval/
  expect(of({ comparisons: [] })).toMatch(apart)
  const wide = findings(({ metrics }) => Object.assign(metrics.throughput as object, { low: 1 }))
  expect(of({ comparisons: [], ...wide })).toContain('their trials overlap, so this may be chance')
  const single = findings(({ metrics }) => Object.assign(metrics.throughput as object, { n: 1 }))
  expect(of({ comparisons: [], ...single })).toContain('one trial each cannot say how sure that is')
})

test('what the trials cannot tell is no victory', () => {
  const text = of(compared({ outcome: 'inconclusive' }))
  expect(text).toMatch(
    /^On 1 core no winner can be told: round-robin with 15,100 req\/s and least-connections with 14,100 req\/s are 5\.6 % apart; whether/,
  )
  expect(text).not.toContain('answered most')
  const few = findings(({ metrics }) => Object.assign(metrics.latencyP99 as object, { n: 3 }))
  expect(of(few)).toMatch(/At saturation no lowest p99 can be told: 5\.24 ms \(round-robin\) to/)
})

test('lower bounds have no order, however far they lie apart', () => {
  const second = findings((finding, i) => Object.assign(finding, { isLowerBound: i === 1 }))
  expect(of(second)).toMatch(
    /^On 1 core no winner .*; least-connections was not at its own limit\./,
  )
  const both = findings((finding) => Object.assign(finding, { isLowerBound: true }))
  expect(of(both)).toMatch(/^On 1 core no winner .* at least .*; neither was at its own limit\./)
})

test('a lower bound is called one', () => {
  expect(of({})).toContain(
    'From 1 core to 2, round-robin went from 15,100 req/s to at least 21,100',
  )
})

test('oversubscribed and invalid rows are counted and never ranked', () => {
  expect(of({})).toContain('1 arm had more workers than CPUs and is not ranked.')
  expect(of({})).not.toContain('18,600')
  const invalid = findings((finding) => Object.assign(finding, { validity: 'invalid' }))
  expect(of(invalid)).not.toContain('answered most')
  expect(of(invalid)).toContain('4 arms had no valid trial and cannot be ranked.')
})

test('says what limited, once where it was the same in every arm', () => {
  expect(of({})).toContain('The driver was the limit in round-robin ×2.')
  const alike = findings((finding) => Object.assign(finding, { bottleneck: 'backends' }))
  expect(of(alike)).toContain('The backends were the limit in every arm.')
  const idle = findings((finding) => Object.assign(finding, { bottleneck: 'none' }))
  expect(of(idle)).toContain('In no arm did a process use all of its CPU.')
})

test('nothing measured is said in words', () => {
  expect(of({ findings: [] })).toBe('Nothing was measured that could be ranked.')
})
