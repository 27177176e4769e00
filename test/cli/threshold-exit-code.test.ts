import { expect, test } from 'vitest'
import { resultExitCode } from '../../src/cli/result-exit-code.ts'
import { thresholdExitCode } from '../../src/cli/threshold-exit-code.ts'
import type { ResultDocument } from '../../src/result/document.ts'

test.for([
  [[], undefined, 0],
  [['pass', 'pass'], undefined, 0],
  [['pass', 'fail', 'inconclusive'], undefined, 99],
  [['fail', 'invalid'], undefined, 97],
  [['pass', 'inconclusive'], undefined, 96],
  [['pass', 'inconclusive'], 'pass', 0],
  [['pass', 'inconclusive'], 'fail', 99],
] as const)('%j with --on-inconclusive %s ends with %d', ([outcomes, onInconclusive, code]) => {
  const thresholds = outcomes.map((outcome) => ({ outcome }))
  expect(thresholdExitCode(thresholds, { 'on-inconclusive': onInconclusive })).toBe(code)
})

test.for([
  [true, 'pass', undefined, 0],
  [true, 'fail', undefined, 99],
  [true, 'inconclusive', undefined, 96],
  [true, 'inconclusive', 'pass', 0],
  // Without a valid trial nothing else matters.
  [false, 'fail', undefined, 97],
] as const)(
  'a comparison with a valid trial (%s) and a threshold that is %s, with --on-inconclusive %s, ends with %d',
  ([valid, outcome, onInconclusive, code]) => {
    const result = {
      ...{ trials: [{ verdict: { valid } }], gates: [], thresholds: [{ outcome }] },
    } as unknown as ResultDocument
    expect(resultExitCode(result, { 'on-inconclusive': onInconclusive })).toBe(code)
  },
)
