import { expect, test } from 'vitest'
import { thresholdLines } from '../../../reports/sections/load/threshold-text.ts'
import type { ThresholdOutcome } from '../../../src/result/schemas/threshold-outcome.ts'

const base = { threshold: 'p99 < 100ms', unit: 's', limit: 0.1, n: 1000, value: 0.082 } as const
const interval = { low: 0.079, high: 0.085, confidence: 0.95 } as const
const share = { ...base, threshold: 'errors < 1% over 5s', unit: 'fraction', limit: 0.01 } as const
const window = { fromMs: 12_300, toMs: 17_300 }

test.for([
  [
    { ...base, ...interval, outcome: 'pass', why: 'interval' },
    'pass: p99 < 100ms: 82.0 ms (79.0 ms to 85.0 ms)',
  ],
  [
    { ...base, ...interval, high: 0.12, outcome: 'inconclusive', why: 'around-limit' },
    'inconclusive: p99 < 100ms: 82.0 ms (79.0 ms to 120 ms): the interval contains the limit',
  ],
  [
    { ...base, low: 0.079, outcome: 'inconclusive', why: 'too-few-requests' },
    'inconclusive: p99 < 100ms: 82.0 ms (79.0 ms or more): too few requests for an upper bound',
  ],
  [
    { ...base, value: undefined, outcome: 'fail', why: 'interval' },
    'fail: p99 < 100ms: among the failed requests',
  ],
  [
    { ...share, value: 0.031, window, outcome: 'fail', why: 'window' },
    'fail: errors < 1% over 5s: 3.10 % (12.3 s to 17.3 s)',
  ],
  [
    { ...share, value: 0.012, window, outcome: 'inconclusive', why: 'window-by-chance' },
    'inconclusive: errors < 1% over 5s: 1.20 % (12.3 s to 17.3 s): beyond the limit, but within chance',
  ],
  [
    { ...share, value: 0.004, window, outcome: 'pass', why: 'windows' },
    'pass: errors < 1% over 5s: 0.400 % in the worst window (12.3 s to 17.3 s)',
  ],
  [
    { ...share, value: 0.2, outcome: 'fail', why: 'stopped-early', stoppedAtMs: 6100 },
    'fail: errors < 1% over 5s: 20.0 %; it ended the run after 6.1 s',
  ],
  [
    { ...base, unit: 'count', value: 12_000, outcome: 'pass', why: 'exact' },
    'pass: p99 < 100ms: 12,000',
  ],
  [
    { ...base, outcome: 'invalid', why: 'stage-invalid' },
    'invalid: p99 < 100ms: a stage was not sent as planned',
  ],
  [
    { ...base, n: 0, value: undefined, outcome: 'inconclusive', why: 'nothing-measured' },
    'inconclusive: p99 < 100ms: nothing was measured',
  ],
] as const satisfies [ThresholdOutcome, string][])('%#: one line', ([outcome, line]) => {
  expect(thresholdLines([outcome])).toEqual([line])
})
