import { expect, test } from 'vitest'
import { fleetSelftestText } from '../../../reports/commands/fleet-selftest.ts'
import { fleetSelftest } from '../../../src/experiment/selftest/fleet-selftest.ts'
import { fleetPlan } from '../../../src/plan/fleet-plan.ts'
import { measurement, type Seen } from '../../support/results/measurements.ts'
import { openTestSession } from '../open-test-session.ts'

const plan = fleetPlan({ drivers: 3, rate: 900, blocks: 8, duration: 1, warmup: 1, seed: 1 })

/** The comparison of trials that give what `give` says of one driver or three. */
async function found(give: (drivers: number) => Seen) {
  await using session = await openTestSession(async ({ trial, arm }) =>
    measurement({ ...trial, ...give(arm.drivers ?? 0) }),
  )
  return fleetSelftest({ plan, session, watcher: { onTrial() {} } })
}

const lasting = (micros: number) => ({ latencies: Array<number>(1000).fill(micros) })

test('the plan has one arm with one driver and one with the fleet, at one rate', () => {
  expect(plan.arms.map(({ name, drivers }) => [name, drivers])).toEqual([
    ['1 driver', 1],
    ['3 drivers', 3],
  ])
  expect(plan.arrivals.rate).toBe(900)
  expect(plan.trials).toHaveLength(16)
  expect(plan.trials.every(({ phase }) => phase === 'latency')).toBe(true)
})

test('a fleet that measures what one driver measures is the same', async () => {
  const same = await found(() => lasting(500))
  expect(same).toMatchObject({ drivers: 3, rate: 900, trials: 16, invalidTrials: 0 })
  expect(same.comparisons.map(({ metric, outcome }) => [metric, outcome])).toEqual([
    ['latencyP50', 'same'],
    ['cpuPerRequest', 'same'],
  ])
})

test('a fleet that measures more is worse, and the text says by how much', async () => {
  const worse = await found((drivers) => lasting(drivers === 3 ? 600 : 500))
  expect(worse.comparisons[0]).toMatchObject({ metric: 'latencyP50', outcome: 'worse' })
  const text = fleetSelftestText(worse, { width: undefined, colour: false, unicode: true })
  expect(text).toContain('One driver at 900 req/s, compared with 3 drivers at 300 req/s each')
  expect(text).toMatch(/latency p50: worse \(\+20 %/)
  expect(text).toContain('16 trials, 0 of them invalid; seed 1.')
})

test('invalid trials are left out, and their reasons named', async () => {
  const reason = {
    code: 'driver-lost',
    values: { number: 2, of: 3, detail: 'driver 2 of 3 was ended by SIGKILL' },
  } as const
  const lost = await found((drivers) =>
    drivers === 3 ? { verdict: { valid: false, reasons: [reason] } } : {},
  )
  expect(lost).toMatchObject({ comparisons: [], reasons: [reason] })
  expect(fleetSelftestText(lost, { width: undefined, colour: false, unicode: true })).toContain(
    'Too few valid trials for a comparison.',
  )
})
