import { expect, test } from 'vitest'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { applyGates } from '../../../src/experiment/gates/apply-gates.ts'
import { gateRule } from '../../../src/experiment/gates/gate-rule.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const arm = 'round-robin ×1'
const example = exampleResult()

function gated(document: ResultDocument, ...rules: string[]): ResultDocument {
  const options = { rules: rules.map(gateRule), strict: false, force: false, noise: undefined }
  return applyGates(document, options)
}

/** The example with so many requests in each trial, none of which failed. */
function withRequests(ok: number): ResultDocument {
  const window = { ok, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
  const trials = example.trials.map((one) => ({ ...one, window: { ...one.window, ...window } }))
  const flat = { center: 0, low: 0, high: 0 }
  const findings = example.findings.map((one) => ({
    ...one,
    metrics: { ...one.metrics, errorShare: { ...summaryOf(one), ...flat } },
  }))
  return { ...example, trials, findings }
}

function summaryOf({ metrics }: ResultDocument['findings'][0]) {
  return metrics.errorShare ?? (metrics.throughput as NonNullable<typeof metrics.throughput>)
}

const stateOf = ({ gates }: ResultDocument) => gates.find((gate) => gate.arm === arm)

test('a limit on errors passes only with enough requests: 3 divided by the limit', () => {
  const blocks = example.trials.filter(({ trial }) => trial.arm === arm).length
  expect(stateOf(gated(withRequests(Math.ceil(3000 / blocks)), 'errors>0.1%'))?.state).toBe('pass')
  const few = stateOf(gated(withRequests(10), 'errors>0.1%'))
  expect(few?.state).toBe('inconclusive')
  expect(few?.reasons).toContainEqual({
    code: 'too-few-for-limit',
    values: { requests: 10 * blocks, needed: 3000 },
  })
  expect(stateOf(gated(withRequests(10), 'errors>0'))?.state).toBe('pass')
})

test('a metric without an estimate is inconclusive, with the reason of that metric', () => {
  const reason = {
    code: 'too-few-requests' as const,
    values: { metric: 'rssPeak' as const, requests: 10, needed: 1000 },
  }
  const findings = example.findings.map(({ metrics: { rssPeak: _, ...metrics }, ...one }) => ({
    ...one,
    metrics,
    notes: [...one.notes, reason],
  }))
  const gate = stateOf(gated({ ...example, findings }, 'memory-peak>1MiB'))
  expect(gate).toMatchObject({ state: 'inconclusive' })
  expect(gate?.reasons).toEqual([{ code: 'no-estimate', values: { metric: 'rssPeak' } }, reason])
})

test('a limit on the slowest request fails where it was exceeded once, and where one request failed', () => {
  const latency = (failures: number): ResultDocument => {
    const trials = example.trials.map((one, i) => ({
      ...one,
      trial: { ...one.trial, phase: 'latency' as const },
      window: { ...one.window, timeouts: i === 0 ? failures : 0 },
    }))
    const plan = { ...example.plan, phases: ['latency' as const] }
    return { ...example, plan, trials, findings: analyse(plan, trials, 2) }
  }
  expect(stateOf(gated(latency(0), 'max>1s'))?.state).toBe('pass')
  expect(stateOf(gated(latency(0), 'max>2ms'))?.state).toBe('fail')
  expect(stateOf(gated(latency(1), 'max>1s'))).toMatchObject({
    state: 'fail',
    reasons: [{ code: 'percentile-failed', values: { failedTrials: 1 } }],
  })
})
