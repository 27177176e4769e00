import { expect, test } from 'vitest'
import { claimSentences, lackSentences } from '../../../reports/sections/claim-sentences.ts'
import { summaryOf } from '../../../reports/sections/summary.ts'
import type { Answer } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const equal: Answer['claim'] = {
  phase: 'capacity',
  metric: 'cpuPerRequest',
  different: [],
  alike: ['round-robin ×1', 'least-connections ×1', 'x'],
  bound: 0.06,
  confidence: 0.95,
  pairs: 6,
}
const difference = {
  arm: 'least-connections ×1',
  base: 'round-robin ×1',
  ...{ outcome: 'worse' as const, center: 1.12, low: 1.05, high: 1.19 },
}
const sentences = (answer: Answer) => claimSentences(exampleResult({ answer }))

test('equivalence is an answer, with its bound, and the cost of a finer one', () => {
  const found = sentences({ claim: equal, finer: { precision: 0.03, seconds: 530 } })
  expect(found).toEqual([
    'No difference beyond ±6.0 % in CPU per request between round-robin, least-connections and x (6 pairs, 95 % confidence).',
    'For ±3 %: --precision 3%, about 9 min.',
  ])
  expect(sentences({ claim: { ...equal, bound: 1.3 } })[0]).toContain('beyond a factor of 2.30 in')
})

test('who differs comes first, with interval; the bound of the others follows', () => {
  const found = sentences({ claim: { ...equal, different: [difference], alike: ['a', 'b'] } })
  expect(found).toEqual([
    'Least-connections is worse than round-robin by CPU per request: +12 % (95 % interval +5.0 … +19 %).',
    'No difference beyond ±6.0 % between a and b.',
  ])
  const { bound: _, ...alone } = equal
  const many = Array.from({ length: 5 }, () => difference)
  const [only, ...rest] = sentences({ claim: { ...alone, different: many, alike: ['a'] } })
  expect(only).toMatch(/; least-connections is worse: \+12 % \(\+5\.0 … \+19 %\); 2 more differ\.$/)
  expect(rest).toEqual([])
})

test('the first sentence of a run is its claim; without one the rows are ranked', () => {
  expect(summaryOf(exampleResult({ answer: { claim: equal } }))).toMatch(/^No difference beyond/)
  expect(summaryOf(exampleResult({ answer: {} }))).toMatch(/^Highest throughput on 1 core/)
})

test('what the host lacks is one line', () => {
  expect(lackSentences({ answer: { lack: { code: 'one-cpu' } } })[0]).toMatch(
    /^This host has one CPU/,
  )
  expect(lackSentences({ answer: { lack: { code: 'neighbour', cpus: 0.62 } } })).toEqual([
    'Other programs used 0.6 CPUs during the trials: without them the intervals are narrower.',
  ])
  expect(lackSentences({})).toEqual([])
})
