import { expect, test } from 'vitest'
import { checkPlan, checkTime } from '../../../src/experiment/run/check-plan.ts'
import { arm, planOf } from '../../support/measurements.ts'

const arms = [arm('a'), arm('b')]
/** Six blocks of 2 trials of 3 s: one of them takes 6 s, all 36 s. */
const within = (maxSeconds: number, least = 1) =>
  planOf(arms, { blocks: 6, stop: { maxSeconds, least } })

test('a plan whose fewest blocks do not fit is refused, with how long they take', () => {
  expect(() => checkTime(within(5))).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: '2 arms take about 6 s for one block of each phase, and the time is 5 s',
      hint: expect.stringContaining('--max-time 8s'),
    }),
  )
  expect(() => checkTime(within(17, 3))).toThrow(
    expect.objectContaining({ message: expect.stringContaining('about 18 s for 3 blocks') }),
  )
})

test('one that may end early fits as soon as those do', () => {
  expect(() => checkTime(within(6))).not.toThrow()
  expect(() => checkTime(within(18, 3))).not.toThrow()
  expect(() => checkTime(planOf(arms))).not.toThrow()
})

test('a target that cannot run here is refused before anything starts', async () => {
  const missing = planOf([arm('a', { target: 'no-such' })])
  await expect(checkPlan(missing)).rejects.toMatchObject({ exitCode: 2 })
  await checkPlan(planOf([arm('a'), arm('direct', { target: 'direct' })]))
})

test('more connections than files may be open are refused', async () => {
  await expect(checkPlan(planOf(arms, { connections: 1e9 }))).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('open files'),
  })
})
