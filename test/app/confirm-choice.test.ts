import { expect, test } from 'vitest'
import { confirmChoice } from '../../src/app/confirm-choice.ts'
import type { Invocation } from '../../src/cli/invocation.ts'
import { ProcessError } from '../../src/kit/errors.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { Ranking } from '../../src/result/simulation.ts'
import type { World } from '../../src/simulator/options.ts'
import { measuredPlan } from '../support/choice/measured-plan.ts'

const world: World = {
  backends: Array(2).fill({
    weight: 1,
    service: { kind: 'exponential', mean: 0.01 },
    servers: 100,
  }),
  arrivals: { kind: 'poisson', rate: 400 },
  clients: { timeout: 10 },
  requests: 100,
}
const ranking: Ranking = {
  ...{ metric: 'p99', best: 'least-connections', asGood: ['least-connections'] },
  others: [{ name: 'maglev' }, { name: 'two-choices' }, { name: 'round-robin' }],
}

async function confirmed(
  differs: Partial<Parameters<typeof confirmChoice>[0]> = {},
  meanOf: (algorithm: string) => number = () => 10,
) {
  const errors: Error[] = []
  const plans: Plan[] = []
  const invocation = { fail: (error: Error) => errors.push(error) } as unknown as Invocation
  const found = await confirmChoice({
    ...{ world, ranking, inUse: 'round-robin', seed: 1, maxSeconds: 45, flags: {}, invocation },
    run: async (plan) => {
      plans.push(plan)
      return { measured: measuredPlan(plan, meanOf), noise: undefined }
    },
    ...differs,
  })
  return { found, errors, plans }
}

test('the best two without keys and the one in use run in the plan, and are judged beside a simulation of it', async () => {
  const { found, plans } = await confirmed()
  expect(plans[0]?.arms.map(({ algorithm }) => algorithm)).toEqual([
    ...['least-connections', 'two-choices', 'round-robin'],
  ])
  expect(found).toMatchObject({
    confirmed: true,
    confirmation: { outcome: 'confirmed', leftOut: ['maglev'], metric: 'p99' },
  })
  // Times without a queue: ln 100 × 10 ms in both, but for the scale by the CPUs of this host.
  const { time = 1 } = found.confirmation?.scale ?? {}
  for (const { measured, simulated } of found.confirmation?.arms ?? []) {
    expect(Math.abs((measured?.center ?? 0) / 0.046 - 1)).toBeLessThan(0.1)
    expect(Math.abs((simulated?.center ?? 0) / (0.046 * time) - 1)).toBeLessThan(0.1)
  }
  expect(found.confirmation?.world.join()).toContain('2 backends')
})

test('real processes that show another best leave the choice contradicted, not confirmed', async () => {
  const { found } = await confirmed({}, (name) => (name === 'round-robin' ? 5 : 10))
  expect(found).toMatchObject({ confirmed: false, confirmation: { outcome: 'contradicted' } })
})

test.for([
  ['no result', { ranking: undefined }],
  ['faults', { world: { ...world, faults: [] } }],
  ['overload', { world: { ...world, arrivals: { kind: 'poisson', rate: 30_000 } } as World }],
  ['too few algorithms', { ranking: { ...ranking, others: [{ name: 'maglev' }] } }],
] as const)('%s: nothing is run', async ([code, differs]) => {
  const { found, plans } = await confirmed(differs)
  expect(found).toEqual({ confirmed: false, notConfirmed: { code } })
  expect(plans).toEqual([])
})

test('an error of the run is reported, and does not lose the choice', async () => {
  const error = new ProcessError('the backends died', 'try again')
  const { found, errors } = await confirmed({ run: () => Promise.reject(error) })
  expect(errors).toEqual([error])
  expect(found.notConfirmed).toEqual({ code: 'failed', detail: 'the backends died' })
  const bug = new Error('a bug')
  await expect(confirmed({ run: () => Promise.reject(bug) })).rejects.toBe(bug)
})
