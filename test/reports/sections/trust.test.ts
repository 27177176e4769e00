import { expect, test } from 'vitest'
import { trustOf } from '../../../reports/sections/trust.ts'
import type { Finding, ResultDocument } from '../../../src/result/document.ts'
import type { Reason } from '../../../src/result/reason.ts'
import { exampleResult } from '../../support/results/example-result.ts'

/** A run in which every arm is valid and the target was the bottleneck. */
const clean = withFindings({ validity: 'valid', isLowerBound: false })

function withFindings(changes: Partial<Finding>): ResultDocument {
  const document = exampleResult({ warnings: [], comparisons: [] })
  return {
    ...document,
    findings: document.findings.map((one) => ({ ...one, notes: [], ...changes })),
  }
}

test('nothing that qualifies the figures: HIGH, with the number of trials', () => {
  const { length } = clean.trials
  expect(trustOf(clean)).toEqual({ word: 'HIGH', reasons: [`all ${length} trials are valid`] })
  const one = { ...clean, trials: clean.trials.slice(0, 1) }
  expect(trustOf(one)).toEqual({ word: 'HIGH', reasons: ['the trial is valid'] })
})

test('lower bounds: MEDIUM', () => {
  expect(trustOf(withFindings({ validity: 'valid', isLowerBound: true }))).toEqual({
    word: 'MEDIUM',
    reasons: ['throughputs are lower bounds: the target was not the limit'],
  })
})

test('a warning that qualifies the figures: MEDIUM, with what to do', () => {
  const warnings: Reason[] = [
    { code: 'too-few-requests', values: { metric: 'latencyP99', requests: 500, needed: 1000 } },
  ]
  const { word, reasons } = trustOf({ ...clean, warnings })
  expect(word).toBe('MEDIUM')
  expect(reasons).toHaveLength(1)
  expect(reasons[0]).toMatch(/ → raise --duration$/)
})

test('a run that ended early: LOW, and that comes before lesser reasons', () => {
  const warnings: Reason[] = [
    { code: 'host-speed-varied', values: { factor: 1.8 } },
    { code: 'interrupted', values: { measured: 5, planned: 24 } },
  ]
  const { word, reasons } = trustOf({ ...clean, complete: false, warnings })
  expect(word).toBe('LOW')
  expect(reasons[0]).toMatch(/^interrupted: 5 of 24 trials/)
  expect(reasons[1]).toMatch(/^CPU speed varied/)
})

test('an arm without a valid trial: LOW, by name, and many of them counted', () => {
  const document = structuredClone(clean)
  Object.assign(document.findings[1] as object, { validity: 'invalid' })
  expect(trustOf(document)).toEqual({
    word: 'LOW',
    reasons: ['no valid trial of least-connections ×1'],
  })
  expect(trustOf(withFindings({ validity: 'invalid' })).reasons).toEqual([
    'no valid trial of 4 arms',
  ])
})

test('an arm that lacks one phase only is named with that phase', () => {
  const document = structuredClone(clean)
  const latency = document.findings.map((one) => ({ ...one, phase: 'latency' as const }))
  Object.assign(latency[0] as object, { validity: 'invalid' })
  expect(trustOf({ ...document, findings: [...document.findings, ...latency] }).reasons).toEqual([
    'no valid trial of round-robin ×1 in the latency phase',
  ])
})

test('a server with its own backends is no reason to distrust its figures', () => {
  const targets = [
    { target: 'url', configWarnings: [], responseDifferences: [], ownBackends: true as const },
  ]
  expect(trustOf({ ...clean, targets }).word).toBe('HIGH')
})

test('an arm without a valid trial is named with its phase, since it can have figures of the other', () => {
  const [first, second] = clean.findings
  const phased = (invalid: readonly string[]) => ({
    ...clean,
    findings: [first, second].flatMap((one) =>
      (['capacity', 'latency'] as const).map((phase) => ({
        ...(one as Finding),
        phase,
        validity: invalid.includes(`${one?.arm} ${phase}`)
          ? ('invalid' as const)
          : ('valid' as const),
      })),
    ),
  })
  const [a, b] = [first?.arm, second?.arm]
  expect(trustOf(phased([`${a} latency`, `${b} capacity`])).reasons[0]).toBe(
    `no valid trial of ${a} in the latency phase, of ${b} in the capacity phase`,
  )
  expect(trustOf(phased([`${a} latency`, `${a} capacity`])).reasons[0]).toBe(
    `no valid trial of ${a} in either phase`,
  )
})
