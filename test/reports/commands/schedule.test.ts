import { expect, test } from 'vitest'
import { scheduleText } from '../../../reports/commands/schedule.ts'
import { arm, planOf } from '../../support/results/measurements.ts'

const look = { width: undefined, colour: false, unicode: true }
const plan = planOf([arm('a'), arm('b')], { blocks: 2, phases: ['capacity', 'latency'], seed: 9 })

test('shows the trials in order, one line per block, and the time that they take', () => {
  const lines = scheduleText({ plan, time: { least: 24, most: 40 }, comparisons: 0 }, look)
    .trim()
    .split('\n')
  expect(lines[0]).toBe('Scenario test, seed 9: 8 trials, 24 to 40 s')
  expect(lines[1]).toBe('Each trial: 1 s of warm-up, then 1 s measured.')
  expect(lines.slice(2).map((line) => line.split(':')[0]?.trim())).toEqual([
    'capacity 1',
    'capacity 2',
    'latency 1',
    'latency 2',
  ])
  const order = lines.slice(2).flatMap((line) => line.split(': ')[1]?.split(', ') ?? [])
  expect(order).toEqual(plan.trials.map((trial) => trial.arm))
})

test('shows how long a warm-up may last while throughput is not steady', () => {
  const text = scheduleText(
    {
      plan: { ...plan, warmup: { least: 1, most: 1.5 } },
      time: { least: 24, most: 24 },
      comparisons: 1,
    },
    look,
  )
  expect(text).toContain(
    'Each trial: 1 to 1.5 s of warm-up, until throughput is steady, then 1 s measured.',
  )
})

test('shows the rules that end a phase early, and a time limit that is too short', () => {
  const stop = { precision: 0.02, least: 8, maxSeconds: 20 }
  const schedule = { plan: { ...plan, stop }, time: { least: 24, most: 24 }, comparisons: 1 }
  const text = scheduleText(schedule, look)
  expect(text).toContain('8 trials, about 24 s')
  expect(text).toContain('after at least 8 blocks')
  expect(text).toContain('when it would take longer than 20 s')
  expect(text).toContain('That is too short: the minimum number of blocks takes about 24 s.')
})

test.for([
  [2, 1, '1 comparison of each metric: --trials 6 or more can decide.'],
  [6, 1, '1 comparison of each metric with 6 pairs.'],
  [
    10,
    14,
    '14 comparisons of each metric with 10 pairs, at 95 % for all together (Holm’s method).',
  ],
] as const)('%i blocks, %i comparisons: whether they can decide', ([blocks, comparisons, line]) => {
  const time = { least: 24, most: 40 }
  const text = scheduleText({ plan: { ...plan, blocks }, time, comparisons }, look)
  expect(text.split('\n')).toContain(line)
})
