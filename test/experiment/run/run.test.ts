import { expect, test } from 'vitest'
import {
  type RunOptions,
  type RunOutcome,
  type RunWatcher,
  run,
} from '../../../src/experiment/run/run.ts'
import { ProcessError, UsageError } from '../../../src/kit/errors.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { schedule } from '../../../src/plan/schedule.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { arm, measurement, planOf, type Seen } from '../../support/results/measurements.ts'
import { openTestSession } from '../open-test-session.ts'

type Order = Parameters<RunOptions['session']['runTrial']>[0]

/** Runs a plan whose trials give what `give` says of the nth of them, from 0. */
async function ran(
  plan: Plan,
  give: (options: Order, n: number) => Seen,
  { watcher = { onTrial() {} }, signal }: { watcher?: RunWatcher; signal?: AbortSignal } = {},
): Promise<RunOutcome & { readonly orders: readonly Order[] }> {
  const orders: Order[] = []
  const runTrial = async (options: Order): Promise<Measurement> => {
    const { trial } = options
    // The search for the rate of the latency phase is held by calibration.test.ts.
    if (trial.arm === 'calibration') {
      return measurement({ phase: 'latency', cpu: { driver: 0.3, backends: 0.3 } })
    }
    orders.push(options)
    return measurement({ ...trial, ...give(options, orders.length - 1) })
  }
  await using session = await openTestSession(runTrial, signal)
  const outcome = await run({ plan, session, watcher })
  return { ...outcome, orders }
}

const two = [arm('a'), arm('b')]
const names = (orders: readonly Order[]) => orders.map(({ trial }) => `${trial.arm}${trial.block}`)
const spoilt = {
  verdict: { valid: false, reasons: [{ code: 'swapped' as const, values: { pages: 1 } }] },
}

test('runs the trials in the order of the plan', async () => {
  const plan = planOf(two, { blocks: 3 })
  const { orders, phaseEndings } = await ran(plan, () => ({}))
  expect(orders.map(({ trial }) => trial)).toEqual(plan.trials)
  expect(phaseEndings).toMatchObject([{ phase: 'capacity', blocks: 3, endedBy: 'plan' }])
})

test('an invalid trial is repeated once, at the end of its block', async () => {
  const plan = planOf(two, { blocks: 2 })
  const { orders, trials } = await ran(plan, (_, n) => (n === 0 || n === 2 ? spoilt : {}))
  const [first, second, third, fourth] = names(plan.trials.map((trial) => ({ trial }) as Order))
  expect(names(orders)).toEqual([first, second, first, third, fourth])
  expect(trials).toHaveLength(5)
})

test('trials of the witness are driven by it, stand apart, and are repeated like others', async () => {
  const arms = [arm('a')]
  const phases = [{ phase: 'capacity' as const, blocks: 2 }]
  const trials = schedule({ arms, seed: 1, phases, witness: 'wrk' })
  const plan = planOf(arms, { blocks: 2, witness: 'wrk', trials })
  const invalid = (order: Order, n: number) => (order.trial.witness && n < 2 ? spoilt : {})
  const outcome = await ran(plan, invalid)
  expect(outcome.trials).toHaveLength(2)
  expect(outcome.witnessed).toHaveLength(3)
  expect(outcome.orders.map(({ trial, driver }) => [trial.witness, driver])).toEqual(
    outcome.orders.map(({ trial: { witness } }) => [witness, witness]),
  )
})

test('at most one trial in four is repeated', async () => {
  // 16 planned: 4 repetitions.
  const { orders } = await ran(planOf(two, { blocks: 8 }), () => spoilt)
  expect(orders).toHaveLength(20)
})

test('progress counts planned trials, not repetitions', async () => {
  const seen: string[] = []
  const watcher = {
    onTrial: ({ done, of }: { done: number; of: number }) => void seen.push(`${done}/${of}`),
  }
  await ran(planOf(two, { blocks: 2 }), (_, n) => (n === 0 ? spoilt : {}), { watcher })
  expect(seen).toEqual(['0/4', '1/4', '1/4', '2/4', '3/4'])
})

test('a phase ends once its intervals are narrow enough, and reports their width', async () => {
  const plan = planOf(two, { blocks: 40, stop: { precision: 0.02, least: 8 } })
  const { phaseEndings, orders } = await ran(plan, () => ({ ok: 1000 }))
  expect(phaseEndings).toEqual([
    { phase: 'capacity', blocks: 8, endedBy: 'precision', widestHalfWidth: expect.closeTo(0, 6) },
  ])
  expect(orders).toHaveLength(16)
})

test('a phase continues while its intervals are wide, even if the difference is certain', async () => {
  const plan = planOf(two, { blocks: 12, stop: { precision: 0.02, least: 8 } })
  // b is always at least twice a, by between 100 % and 200 %: p is as small as it can be, the interval wide.
  const give = ({ trial }: Order) =>
    trial.arm === 'a' ? { ok: 100 } : { ok: 200 + 100 * (trial.block % 2) }
  const { phaseEndings } = await ran(plan, give)
  expect(phaseEndings).toMatchObject([{ blocks: 12, endedBy: 'plan' }])
})

test('a phase ends at its maximum time, after at least one block', async () => {
  const plan = planOf(two, { blocks: 5, stop: { maxSeconds: 1e-9, least: 1 } })
  const { phaseEndings } = await ran(plan, () => ({}))
  expect(phaseEndings).toMatchObject([{ blocks: 1, endedBy: 'time' }])
})

test('an interruption keeps earlier trials, and is the ending of its phase', async () => {
  const aborter = new AbortController()
  const plan = planOf(two, { blocks: 2, phases: ['capacity', 'latency'] })
  const outcome = await ran(
    plan,
    (_, n) => {
      // The last of capacity: the next trial, of the latency phase, is not begun.
      if (n === 3) aborter.abort()
      return {}
    },
    { signal: aborter.signal },
  )
  expect(outcome.trials).toHaveLength(4)
  expect(outcome.phaseEndings).toMatchObject([
    { phase: 'capacity', blocks: 2, endedBy: 'plan' },
    { phase: 'latency', blocks: 0, endedBy: 'interrupted' },
  ])
})

test('an error before the first trial was measured is thrown', async () => {
  const failing = ran(planOf(two), () => {
    throw new Error('the target died')
  })
  await expect(failing).rejects.toThrow('the target died')
})

test('an error after the first trial ends the run, and what was measured stays', async () => {
  const { trials, phaseEndings, failure } = await ran(planOf(two), (_, n) => {
    if (n === 1) throw new UsageError('the target cannot be reached', 'start it first')
    return {}
  })
  expect(trials).toHaveLength(1)
  expect(phaseEndings).toMatchObject([{ endedBy: 'interrupted' }])
  // It was reached before, so that this is no mistake of the user.
  expect(failure).toBeInstanceOf(ProcessError)
  expect(failure).toMatchObject({
    message: 'the target cannot be reached',
    hint: expect.stringContaining('it was there before'),
  })
})

test('all arms have the same rate in the latency phase, and none in the capacity phase', async () => {
  const plan = planOf(two, { blocks: 2, phases: ['capacity', 'latency'] })
  const { orders, phaseEndings } = await ran(plan, ({ trial }) => ({
    ok: trial.arm === 'a' ? 2000 : 999,
  }))
  const rates = (phase: string) =>
    new Set(orders.filter(({ trial }) => trial.phase === phase).map(({ rate }) => rate))
  expect(rates('capacity')).toEqual(new Set([undefined]))
  // 60 % of the slower arm's 999 a second.
  expect(rates('latency')).toEqual(new Set([599]))
  expect(phaseEndings.at(-1)?.rate).toBe(599)
})
