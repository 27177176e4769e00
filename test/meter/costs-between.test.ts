import { expect, test } from 'vitest'
import { costsBetween } from '../../src/meter/costs-between.ts'
import type { ProcessUsage, ThreadUsage } from '../../src/meter/process-usage.ts'

/** A reading of one process with these threads, whose CPU time is user time. */
function reading(threads: Readonly<Record<string, ThreadUsage>>): ProcessUsage {
  const user = Object.values(threads).reduce((sum, { cpu }) => sum + cpu, 0)
  return {
    ...{ processes: 1, user, system: 0, voluntarySwitches: 0, involuntarySwitches: 0 },
    threads: new Map(Object.entries(threads)),
  }
}

test('costs are the differences of two readings, and of the thread with the most CPU time', () => {
  const from = reading({ 1: { cpu: 2, waited: 1 }, 2: { cpu: 5, waited: 0.5 } })
  const to = reading({ 1: { cpu: 2.5, waited: 1.25 }, 2: { cpu: 5.25, waited: 1 } })
  expect(costsBetween(from, to)).toMatchObject({
    userSeconds: 0.75,
    busiestThreadSeconds: 0.5,
    busiestThreadWaitedSeconds: 0.25,
    waitedSeconds: 0.75,
  })
})

test('a run-queue wait that the kernel lowered meanwhile is none, and not negative', () => {
  const from = reading({ 1: { cpu: 1, waited: 0.000_02 } })
  const to = reading({ 1: { cpu: 1.5, waited: 0.000_01 } })
  const costs = costsBetween(from, to)
  expect(costs).toMatchObject({ waitedSeconds: 0, busiestThreadWaitedSeconds: 0 })
})

test('a process that ended in between costs nothing, and not less', () => {
  const from = { ...reading({ 1: { cpu: 1, waited: 1 } }), voluntarySwitches: 9 }
  const costs = costsBetween(from, { ...reading({}), processes: 0 })
  expect(Object.values(costs)).toEqual(Object.values(costs).map(() => 0))
})
