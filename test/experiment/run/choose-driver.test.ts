import { expect, test } from 'vitest'
import {
  chooseDriver,
  type DriverChoiceOptions,
} from '../../../src/experiment/run/choose-driver.ts'
import type { TrialOptions } from '../../../src/experiment/run/trial.ts'
import type { Arm, Plan } from '../../../src/plan/plan.ts'
import type { Measurement } from '../../../src/result/document.ts'

function arm(target: string, cores: number, algorithm = 'round-robin'): Arm {
  return { name: `${target} ${algorithm} ×${cores}`, target, algorithm, cores }
}

/** Chooses the driver of these arms; every trial has the bottleneck that `bottleneckOf` names. */
async function choose(
  plan: Partial<Plan>,
  bottleneckOf: (arm: Arm) => Measurement['verdict']['bottleneck'],
) {
  const tried: TrialOptions[] = []
  const session = {
    placement: { cpus: [0, 1, 2, 3] },
    signal: new AbortController().signal,
    runTrial: async (options: TrialOptions) => {
      tried.push(options)
      return { verdict: { bottleneck: bottleneckOf(options.arm) } }
    },
  }
  const chosen = await chooseDriver({
    plan: {
      phases: ['capacity', 'latency'],
      seed: 1,
      arms: [],
      connections: 40,
      backends: [],
      ...plan,
    },
    session,
  } as unknown as DriverChoiceOptions)
  return { chosen: chosen?.values, tried }
}

const reference = [arm('reference', 1), arm('reference', 1, 'random'), arm('reference', 4)]
const arms = [...reference, arm('nginx', 1), arm('direct', 1, 'none')]

test('autocannon drives where every target is its own bottleneck, each tried once for its cores', async () => {
  const { chosen, tried } = await choose({ arms }, () => 'target')
  expect(chosen).toEqual({ driver: 'autocannon', cause: 'fast-enough' })
  expect(tried.map((one) => one.arm.name)).toEqual([
    'reference round-robin ×4',
    'nginx round-robin ×1',
    'reference round-robin ×1',
  ])
  expect(tried.every(({ driver, rate }) => driver === 'autocannon' && rate === undefined)).toBe(
    true,
  )
})

test.each([
  { url: 'https://127.0.0.1', ca: 'ca.pem' },
  { url: 'http://127.0.0.1', http2: true },
  { url: 'http://shop.test' },
  { url: 'unix:/run/a.sock' },
])('lean drives where autocannon cannot connect as %j requires', async (url) => {
  const plan = { arms: [arm('url', 1, 'none')], settings: { url } }
  const { chosen, tried } = await choose(plan, () => 'target')
  expect(chosen).toEqual({ driver: 'lean', cause: 'able' })
  expect(tried).toEqual([])
})

test('an address over TLS needs no other driver than autocannon', async () => {
  const plan = { arms: [arm('url', 1, 'none')], settings: { url: { url: 'https://[::1]:1' } } }
  expect((await choose(plan, () => 'target')).chosen).toMatchObject({ driver: 'autocannon' })
})

test.each(['driver', 'backends', 'host', 'none'] as const)(
  'lean drives where autocannon leaves a target with the bottleneck %s',
  async (bottleneck) => {
    const { chosen, tried } = await choose({ arms }, ({ target }) =>
      target === 'nginx' ? bottleneck : 'target',
    )
    expect(chosen).toEqual({ driver: 'lean', cause: 'limits', arm: 'nginx round-robin ×1' })
    expect(tried).toHaveLength(2)
  },
)

test('the driver that is requested is taken without a trial', async () => {
  const { chosen, tried } = await choose({ arms, driver: 'autocannon' }, () => 'driver')
  expect(chosen).toEqual({ driver: 'autocannon', cause: 'requested' })
  expect(tried).toEqual([])
})

test('a plan without the capacity phase has no driver to choose', async () => {
  expect((await choose({ arms, phases: ['latency'] }, () => 'driver')).chosen).toBeUndefined()
})

test('visits have a driver of their own, without a trial', async () => {
  const visits = { journeys: [], data: {} }
  const { chosen, tried } = await choose({ visits, arms: [arm('nginx', 1)] }, () => 'driver')
  expect(chosen).toEqual({ driver: 'visits', cause: 'journeys' })
  expect(tried).toEqual([])
})
