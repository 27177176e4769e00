import { expect, test } from 'vitest'
import { fleetSelftestText } from '../../../reports/commands/fleet-selftest.ts'
import { openSession, type Session } from '../../../src/experiment/run/session.ts'
import { fleetSelftest } from '../../../src/experiment/selftest/fleet-selftest.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import { fleetPlan } from '../../../src/plan/fleet-plan.ts'
import { encoded, measurement, type Seen } from '../../support/results/measurements.ts'

const planOf = (blocks: number) =>
  fleetPlan({ drivers: 3, rate: 900, blocks, duration: 1, warmup: 1, seed: 1 })
const plan = planOf(8)

/** A lab without processes, which calls `closed` in the end. */
function emptyLab(closed: () => void): Lab {
  return { [Symbol.asyncDispose]: async () => closed() } as unknown as Lab
}

/** A session without processes: trials are computed by `runTrial`, and `note` hears of its labs. */
function openFleetSession(
  runTrial: Session['runTrial'],
  { note = () => {}, signal = new AbortController().signal }: Partial<FleetSessionOptions> = {},
): Promise<Session> {
  return openSession({
    ...{ signal, runTrial },
    async openLab({ placement }) {
      note(`lab of ${placement.processes.driver.length}`)
      return emptyLab(() => note('closed'))
    },
  })
}

interface FleetSessionOptions {
  readonly note: (event: string) => void
  readonly signal: AbortSignal
}

const quiet = { onTrial() {} }
const warm = async (): Promise<void> => {}

/** The comparison of trials that give what `give` says of one driver or three. */
async function found(give: (drivers: number) => Seen) {
  await using session = await openFleetSession(async ({ trial, arm }) =>
    measurement({ ...trial, ...give(arm.drivers ?? 0) }),
  )
  return fleetSelftest({ plan, session, watcher: quiet, warm })
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

test('a difference below what the one driver is late by is the same, and the text says both', async () => {
  const same = await found((drivers) => ({
    ...lasting(drivers === 3 ? 560 : 500),
    also: { lateness: encoded([80]) },
  }))
  expect(same.comparisons[0]).toMatchObject({ metric: 'latencyP50', outcome: 'same' })
  expect(same.comparisons[0]?.margin).toBeCloseTo(0.16, 2)
  const text = fleetSelftestText(same, { width: undefined, colour: false, unicode: true })
  expect(text).toMatch(/latency p50: same \(\+12 %, .*; up to ±16 % is the same\)/)
  expect(text).toContain(
    '500 µs and 560 µs; the one driver itself was late by 80.0 µs, which its latencies include',
  )
})

test('the lateness of a fleet does not widen the margin', async () => {
  const worse = await found((drivers) => ({
    ...lasting(drivers === 3 ? 600 : 500),
    also: { lateness: encoded([drivers === 3 ? 150 : 50]) },
  }))
  expect(worse.comparisons[0]).toMatchObject({ metric: 'latencyP50', outcome: 'worse' })
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

test('one target serves the trials of eight blocks, with the first driver or all three, which were warmed', async () => {
  const events: string[] = []
  const note = (event: string): number => events.push(event)
  await using session = await openFleetSession(
    async ({ trial, arm, placement, lab }) => {
      expect(lab).toBeDefined()
      expect(placement.processes.driver).toHaveLength(arm.drivers ?? 0)
      note(`block ${trial.block}`)
      return measurement(trial)
    },
    { note },
  )
  const { trials } = await fleetSelftest({
    ...{ plan: planOf(16), session, watcher: quiet },
    warm: async () => void note('warmed'),
  })
  expect(trials).toBe(32)
  const served = (from: number) =>
    Array.from({ length: 16 }, (_, i) => `block ${from + Math.floor(i / 2)}`)
  const life = (from: number) => ['lab of 3', 'warmed', ...served(from), 'closed']
  expect(events).toEqual([...life(0), ...life(8)])
})

test('an interruption keeps the trials before it, and ends the processes', async () => {
  const interrupt = new AbortController()
  const events: string[] = []
  await using session = await openFleetSession(
    async ({ trial }) => {
      if (trial.block === 3) interrupt.abort()
      interrupt.signal.throwIfAborted()
      return measurement(trial)
    },
    { note: (event) => void events.push(event), signal: interrupt.signal },
  )
  const { trials, comparisons } = await fleetSelftest({ plan, session, watcher: quiet, warm })
  expect(trials).toBe(6)
  expect(comparisons.map(({ outcome }) => outcome)).not.toContain('worse')
  expect(events).toEqual(['lab of 3', 'closed'])
})

test('an error of a trial is no result', async () => {
  await using session = await openFleetSession(async () => {
    throw new Error('the target ended')
  })
  const run = fleetSelftest({ plan, session, watcher: quiet, warm })
  await expect(run).rejects.toThrow('the target ended')
})
