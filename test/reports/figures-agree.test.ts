import { expect, test } from 'vitest'
import { footnotes } from '../../reports/sections/footnotes.ts'
import { percent } from '../../src/kit/units.ts'
import { halfWidth } from '../../src/stats/estimates/precision.ts'
import { analysedAgain } from '../support/results/analysed-again.ts'
import { goldenResult } from '../support/results/golden-result.ts'

const document = await goldenResult()
const { findings, comparisons } = document

const metricsIn = (arm: string, phase: string) =>
  findings.find((one) => one.arm === arm && one.phase === phase)?.metrics ?? {}

test('the stored findings and comparisons are those that its trials give', () => {
  const again = analysedAgain(document)
  expect(JSON.parse(JSON.stringify(again.findings))).toEqual(findings)
  expect(JSON.parse(JSON.stringify(again.comparisons))).toEqual(comparisons)
  expect(again.answer).toEqual(document.answer)
})

test.for(comparisons.map((one) => ({ ...one, name: `${one.arm} ${one.phase} ${one.metric}` })))(
  'the ratio is the quotient of the rows, inside its interval: $name',
  ({ arm, base, phase, metric, ratio, uncorrectedRatio }) => {
    const { center, low, high } = uncorrectedRatio ?? ratio
    const [from, to] = [base, arm].map(
      (name) => metricsIn(name, phase)[metric]?.center ?? Number.NaN,
    )
    expect((to as number) / (from as number)).toBeCloseTo(center, 9)
    expect(low).toBeLessThanOrEqual(center)
    expect(high).toBeGreaterThanOrEqual(center)
  },
)

test('what a balancer adds to a percentile is no more than the percentile', () => {
  const added = findings.filter(({ metrics }) => metrics.addedP50 !== undefined)
  expect(added.length).toBeGreaterThan(0)
  for (const { metrics } of added) {
    expect(metrics.addedP50?.center).toBeLessThanOrEqual(metrics.latencyP50?.center as number)
    expect(metrics.addedP50?.high).toBeLessThanOrEqual(metrics.latencyP50?.high as number)
    expect(metrics.addedP99?.center).toBeLessThanOrEqual(metrics.latencyP99?.center as number)
  }
})

test('the widest interval that a footnote names is one of the comparisons that are shown', () => {
  for (const phase of document.plan.phases) {
    const phaseEndings = document.phaseEndings.map((ending) => ({
      ...ending,
      endedBy: 'time' as const,
      widestHalfWidth: 9.21,
    }))
    const [note = ''] = footnotes({ ...document, phaseEndings }, phase)
    const widths = comparisons
      .filter((one) => one.phase === phase)
      .map(({ ratio }) => percent(halfWidth(ratio)))
    const named = /widest interval of a comparison ±(.*)\)/.exec(note)?.[1]
    expect(widths).toContain(named)
  }
})
