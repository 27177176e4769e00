import { expect, test } from 'vitest'
import { junit } from '../../../reports/formats/junit.ts'
import { markdown } from '../../../reports/formats/markdown.ts'
import { table } from '../../../reports/formats/table.ts'
import {
  failedCheckLines,
  openThresholdLines,
  visitStepTables,
} from '../../../reports/sections/visit-steps.ts'
import { type ResultDocument, resultDocument } from '../../../src/result/document.ts'
import type { VisitStep } from '../../../src/result/schemas/visits.ts'
import { goldenResult } from '../../support/results/golden-result.ts'

const golden = await goldenResult()
const [first] = golden.comparisons
const [base, other] = [first?.base ?? '', first?.arm ?? '']
const seconds = (center: number) => ({
  ...({ center, estimator: 'mean of logarithms', low: center, high: center } as const),
  ...({ interval: 'confidence', confidence: 0.95, n: 8 } as const),
  warnings: [],
})

const ofArm = (arm: string, failed: number): VisitStep['arms'][number] => ({
  ...{ arm, phase: 'latency', requests: 2000, failed },
  checks: { 'body contains "cart"': { passed: 2000 - failed, failed } },
  metrics: { latencyP50: seconds(0.002), latencyP99: seconds(0.009) },
})

const list: VisitStep = {
  name: 'list',
  arms: [ofArm(base, 0), ofArm(other, 20)],
  comparisons: [
    {
      ...{ metric: 'latencyP99', phase: 'latency', arm: other, base, margin: 0.03 },
      ...{ ratio: { ...seconds(1.2), low: 1.1, high: 1.3 }, outcome: 'worse', p: 0.001 },
    },
  ],
}

const document: ResultDocument = {
  ...golden,
  visitSteps: [list],
  thresholds: [
    {
      ...{ arm: base, threshold: 'p99 < 100ms', unit: 's', limit: 0.1, outcome: 'pass' },
      ...{ why: 'interval', value: 0.009, low: 0.008, high: 0.01, confidence: 0.95, n: 2000 },
    },
    {
      ...{ arm: other, threshold: 'checks > 99.9%', unit: 'fraction', limit: 0.999 },
      ...{ outcome: 'fail', why: 'interval', value: 0.99, low: 0.98, high: 0.995, n: 2000 },
    },
  ],
}

const look = { width: 100, colour: false, unicode: true }

test('each step has a row for each arm, and a row for each comparison', () => {
  expect(resultDocument.safeParse(document).success).toBe(true)
  const [figures, compared] = visitStepTables(document)
  expect(figures?.rows).toEqual([
    ['list', base, '2,000', '0 %', '2.00 ms', '–', '9.00 ms', '0'],
    ['list', other, '2,000', '1.0 %', '2.00 ms', '–', '9.00 ms', '20 of 2,000'],
  ])
  expect(compared?.rows).toEqual([['list', other, 'latency p99', '+20 %', '+10 … +30 %', 'worse']])
  expect(failedCheckLines(document)).toEqual([
    `${other}, latency phase: body contains "cart", of step list: failed for 20 responses of 2,000`,
  ])
  expect(openThresholdLines(document)).toEqual([
    `fail: checks > 99.9%, ${other}: 99.0 % (98.0 % to 99.5 %)`,
    'pass: 1 other threshold',
  ])
})

test('steps and thresholds are in the reports for people, and each threshold is a case of JUnit', () => {
  const threshold = `checks > 99.9%, ${other}: 99.0 %`
  for (const text of [
    table.render(document, look),
    table.render(document, { ...look, full: true }),
    markdown.render(document, look),
  ]) {
    expect(text.replaceAll('\\', '').replaceAll('&gt;', '>')).toContain(threshold)
    expect(text).toMatch(/Steps of the visits/)
  }
  const cases = junit.render(document, look)
  expect(cases).toContain('<testsuite name="thresholds" tests="2" failures="1"')
  expect(table.render(golden, { ...look, full: true })).not.toMatch(/Steps of the visits|Threshold/)
})
