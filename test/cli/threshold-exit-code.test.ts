import { expect, test } from 'vitest'
import { thresholdExitCode } from '../../src/cli/threshold-exit-code.ts'

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
