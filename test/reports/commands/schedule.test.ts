import { expect, test } from 'vitest'
import { scheduleText } from '../../../reports/commands/schedule.ts'
import { arm, planOf } from '../../support/measurements.ts'

const look = { width: undefined, colour: false, unicode: true }
const plan = planOf([arm('a'), arm('b')], { blocks: 2, phases: ['capacity', 'latency'], seed: 9 })

test('is the order in which the trials would run, a line a block, and how long it takes', () => {
  const lines = scheduleText({ plan, time: { least: 24, most: 40 } }, look)
    .trim()
    .split('\n')
  expect(lines[0]).toBe('Scenario test, seed 9: 8 trials, 24 to 40 s')
  expect(lines[1]).toBe('Each trial: 1 s of warm-up, then 1 s that are measured.')
  expect(lines.slice(2).map((line) => line.split(':')[0]?.trim())).toEqual([
    'capacity 1',
    'capacity 2',
    'latency 1',
    'latency 2',
  ])
  const order = lines.slice(2).flatMap((line) => line.split(': ')[1]?.split(', ') ?? [])
  expect(order).toEqual(plan.trials.map((trial) => trial.arm))
})

test('says how long a warm-up may go on while throughput is not steady', () => {
  const text = scheduleText(
    { plan: { ...plan, warmup: { least: 1, most: 1.5 } }, time: { least: 24, most: 24 } },
    look,
  )
  expect(text).toContain(
    'warm-up for at least 1 s and until throughput is steady, at most 1.5 s, then 1 s that are measured.',
  )
})

test('says what may end it early, and that it does not fit', () => {
  const stop = { precision: 0.02, least: 8, maxSeconds: 20 }
  const text = scheduleText({ plan: { ...plan, stop }, time: { least: 24, most: 24 } }, look)
  expect(text).toContain('8 trials, about 24 s')
  expect(text).toContain('after 8 blocks or more')
  expect(text).toContain('rather than take over 20 s')
  expect(text).toContain('It does not fit: the fewest blocks take about 24 s.')
})
