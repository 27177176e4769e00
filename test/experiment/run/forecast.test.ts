import { expect, test } from 'vitest'
import { forecastText } from '../../../reports/commands/forecast.ts'
import { forecast } from '../../../src/experiment/run/forecast.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { pairsNeeded } from '../../../src/stats/estimates/precision.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const arms = [arm('a'), arm('b')]
const plan = planOf(arms, { blocks: 40, stop: { precision: 0.02, least: 8 } })

/** Three blocks in which b is this much of a. */
const measured = [1, 1.05, 1.1].flatMap((ratio, block) => [
  measurement({ arm: 'a', block, ok: 1000 }),
  measurement({ arm: 'b', block, ok: 1000 * ratio }),
])
const after = (blocks: number, of: Plan = plan, trials = measured) =>
  forecast(of, { phase: 'capacity', blocks, measured: trials, secondsPerBlock: 4 })

test('after 3 blocks it predicts the blocks that a precision takes, from the spread of the pairs', () => {
  const logs = [1, 1.05, 1.1].map(Math.log)
  const mean = logs.reduce((sum, log) => sum + log, 0) / 3
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 2)
  expect(after(3)).toEqual({
    phase: 'capacity',
    precision: 0.02,
    ...pairsNeeded(spread, { n: 3, precision: 0.02 }),
    planned: 40,
    secondsPerBlock: 4,
  })
})

test('there is one forecast, and only for a plan with a precision', () => {
  expect([1, 2, 4, 5].map((blocks) => after(blocks))).toEqual(Array(4).fill(undefined))
  expect(after(3, planOf(arms, { stop: { maxSeconds: 9, least: 1 } }))).toBeUndefined()
})

test('there is no forecast from fewer than two valid pairs', () => {
  const spoilt = measured.map((one) =>
    one.trial.block > 0 ? { ...one, verdict: { ...one.verdict, valid: false } } : one,
  )
  expect(after(3, plan, spoilt)).toBeUndefined()
})

test('the forecast of a single arm uses the spread of its own values', () => {
  const alone = planOf([arm('direct'), arm('b')], {
    control: 'direct',
    blocks: 40,
    stop: { precision: 0.02, least: 8 },
  })
  expect(after(3, alone)).toEqual(after(3))
})

test('the text has the blocks, the time, and whether the plan has that many blocks', () => {
  const found = {
    phase: 'capacity',
    precision: 0.02,
    expected: 12,
    atMost: 30,
    planned: 40,
    secondsPerBlock: 4,
  } as const
  expect(forecastText(found)).toBe(
    'capacity: ±2.0 % takes about 12 blocks (48 s), at most 30 (120 s)',
  )
  expect(forecastText({ ...found, atMost: 12 })).toBe(
    'capacity: ±2.0 % takes about 12 blocks, 48 s',
  )
  expect(forecastText({ ...found, expected: 50, atMost: 90 })).toContain(
    'the phase ends after 40 blocks, with wider intervals',
  )
})
