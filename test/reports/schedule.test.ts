import { expect, test } from 'vitest'
import { scheduleText } from '../../reports/schedule.ts'
import { arm, planOf } from '../support/measurements.ts'

const look = { width: undefined, colour: false, unicode: true }
const plan = planOf([arm('a'), arm('b')], { blocks: 2, phases: ['capacity', 'latency'], seed: 9 })

test('is the order in which the trials would run, a line a block, and how long it takes', () => {
  const lines = scheduleText({ plan, time: { least: 24, most: 40 } }, look)
    .trim()
    .split('\n')
  expect(lines[0]).toBe('Scenario test, seed 9: 8 trials, 24 to 40 s')
  expect(lines.slice(1).map((line) => line.split(':')[0]?.trim())).toEqual([
    'capacity 1',
    'capacity 2',
    'latency 1',
    'latency 2',
  ])
  const order = lines.slice(1).flatMap((line) => line.split(': ')[1]?.split(', ') ?? [])
  expect(order).toEqual(plan.trials.map((trial) => trial.arm))
})

test('says what may end it early, and that it does not fit', () => {
  const stop = { precision: 0.02, least: 8, maxSeconds: 20 }
  const text = scheduleText({ plan: { ...plan, stop }, time: { least: 24, most: 24 } }, look)
  expect(text).toContain('8 trials, about 24 s')
  expect(text).toContain('after 8 blocks or more')
  expect(text).toContain('rather than take over 20 s')
  expect(text).toContain('It does not fit: the fewest blocks take about 24 s.')
})
