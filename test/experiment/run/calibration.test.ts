import { expect, test } from 'vitest'
import {
  type CalibrationOptions,
  checkRate,
  maxSendRate,
} from '../../../src/experiment/run/calibration.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { arm, binsOf, measurement, planOf, type Seen } from '../../support/results/measurements.ts'

type Order = Parameters<CalibrationOptions['session']['runTrial']>[0]

/** Calibrates with trials that give what `give` says of the nth of them. */
function lab(plan: Plan, give: (n: number) => Seen, startsBackends = true) {
  const orders: Order[] = []
  const session = {
    signal: new AbortController().signal,
    placement: { cpus: [0, 1], pinningError: undefined },
    engine: { starts: { backends: startsBackends } },
    beds: { isElsewhere: !startsBackends },
    runTrial: async (options: Order) => {
      orders.push(options)
      return measurement({ phase: 'latency', latencies: [], ...give(orders.length - 1) })
    },
  }
  const calibration = { plan, session } as unknown as CalibrationOptions
  return { calibration, orders }
}

const slow = { weight: 3, serviceTime: { kind: 'fixed' as const, seconds: 1 }, responseBytes: 9 }
const plan = planOf([arm('a'), arm('b', { cores: 4 })], {
  phases: ['latency'],
  arrivals: { rate: 5000, share: 0.6, spacing: 'poisson' },
  backends: [{ ...slow, concurrency: 1, errorRate: 0.5 }],
})
const answered = (perSecond: number) => () => ({ also: { bins: binsOf(perSecond) } })

test('drivers on nodes that cannot reach backends are not calibrated', async () => {
  const { calibration, orders } = lab(plan, answered(1), false)
  await checkRate(calibration)
  expect(orders).toEqual([])
})

test('a rate that the driver can send is accepted after one trial', async () => {
  const { calibration, orders } = lab(plan, answered(4760))
  await checkRate(calibration)
  expect(orders.map(({ rate }) => rate)).toEqual([5000])
})

test('a rate that it cannot send is refused, with its maximum', async () => {
  const { calibration, orders } = lab(plan, (n) => answered(3000 + 10 * n)())
  await expect(checkRate(calibration)).rejects.toMatchObject({
    exitCode: 2,
    message:
      'the driver cannot send 5000 requests per second on this host: without a balancer it reached 3020',
    hint: expect.stringContaining('--rate 2114 or less'),
  })
  expect(orders).toHaveLength(3)
})

test('one attempt without disturbance is enough', async () => {
  const { calibration } = lab(plan, (n) => answered(n === 2 ? 5000 : 100)())
  await checkRate(calibration)
})

test.for([
  ['no rate was asked for', { arrivals: { share: 0.6, spacing: 'poisson' } }],
  ['there is no latency phase', { phases: ['capacity'] }],
] as const)('there is no trial if %s', async ([, differs]) => {
  const { calibration, orders } = lab({ ...plan, ...(differs as Partial<Plan>) }, answered(0))
  await checkRate(calibration)
  expect(orders).toEqual([])
})

test('a calibration has no balancer, one backend without service time, and the fewest CPUs', async () => {
  const { calibration, orders } = lab(plan, answered(5000))
  await maxSendRate(200_000, calibration)
  const [order] = orders
  expect(order?.arm).toMatchObject({ target: 'direct', cores: 4 })
  expect(order?.plan.backends).toEqual([
    { weight: 1, serviceTime: { kind: 'none' }, responseBytes: 9, concurrency: 0, errorRate: 0 },
  ])
  expect(order?.rate).toBe(200_000)
})

test('the maximum counts responses within the window, not requests due in it', async () => {
  // All of it was answered, most of it long after.
  const { calibration } = lab(plan, () => ({ ok: 90_000, also: { bins: [...binsOf(3000), 8000] } }))
  expect(await maxSendRate(1e9, calibration)).toBe(3000)
})
