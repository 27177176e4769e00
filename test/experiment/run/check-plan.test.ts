import { expect, test } from 'vitest'
import { checkPlan, checkTime } from '../../../src/experiment/run/check-plan.ts'
import { arm, planOf } from '../../support/results/measurements.ts'

const arms = [arm('a'), arm('b')]
/** Six blocks of 2 trials of 3 s: one of them takes 6 s, all 36 s. */
const within = (maxSeconds: number, least = 1) =>
  planOf(arms, { blocks: 6, stop: { maxSeconds, least } })

test('a plan whose minimum number of blocks does not fit is refused, with the time that they take', () => {
  expect(() => checkTime(within(4))).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message:
        '1 block of each phase takes about 5 s for 2 arms, more than the maximum time of 4 s',
      hint: expect.stringContaining('--max-time 7s'),
    }),
  )
  expect(() => checkTime(within(14, 3))).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('3 blocks of each phase take about 15 s'),
    }),
  )
})

test('a plan that may end early fits if its minimum number of blocks does', () => {
  expect(() => checkTime(within(5))).not.toThrow()
  expect(() => checkTime(within(15, 3))).not.toThrow()
  expect(() => checkTime(planOf(arms))).not.toThrow()
})

test('a target that cannot run here is refused before any process starts', async () => {
  const missing = planOf([arm('a', { target: 'no-such' })])
  await expect(checkPlan(missing)).rejects.toMatchObject({ exitCode: 2 })
  await checkPlan(planOf([arm('a'), arm('direct', { target: 'direct' })]))
})

test('more connections than open files are refused', async () => {
  await expect(checkPlan(planOf(arms, { connections: 1e9 }))).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('open files'),
  })
})
