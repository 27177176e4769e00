import { expect, test } from 'vitest'
import { algorithms } from '../../src/algorithms/index.ts'
import { confirmationPlan } from '../../src/choose/confirmation-plan.ts'
import { confirmedMetric, judgeConfirmation } from '../../src/choose/judge-confirmation.ts'
import type { Confirmation } from '../../src/result/schemas/confirmation.ts'
import type { Simulation } from '../../src/result/simulation.ts'
import type { World } from '../../src/simulator/options.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { measuredPlan } from '../support/choice/measured-plan.ts'
import type { Seen } from '../support/results/measurements.ts'

const names = ['least-connections', 'two-choices', 'round-robin']
/** Without a queue the simulated p99 of all is ln 100 × 10 ms. */
const world: World = {
  backends: [{ weight: 1, service: { kind: 'exponential', mean: 0.01 }, servers: 0 }],
  arrivals: { kind: 'poisson', rate: 500 },
  clients: { timeout: 10 },
  requests: 1000,
}
const plan = confirmationPlan({ world, algorithms: names, maxSeconds: 45, seed: 1 })
const scale = {
  ...{ backends: 1, ofBackends: 1, time: 1, rate: 500, ofRate: 500, differences: [] },
}

const simulated = simulate({
  world,
  algorithms: algorithms
    .filter(({ name }) => names.includes(name))
    .map((algorithm) => ({ name: algorithm.name, algorithm })),
  ...{ replications: 10, seed: 1 },
})

/** The simulation of the run, in which all times of some algorithms are `factor` times as long. */
function simulation(factors: Readonly<Record<string, number>> = {}): Simulation {
  return {
    ...simulated,
    algorithms: simulated.algorithms.map((one) => {
      const factor = factors[one.name] ?? 1
      const replications = one.replications.map((figures, i) => ({
        ...figures,
        // Other noise in each algorithm.
        p99: figures.p99 * factor * (1 + 0.01 * Math.sin(i * 7 + one.name.length)),
      }))
      return { ...one, replications }
    }),
  }
}

function judged(
  real: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
  { inUse = 'round-robin', seen }: { inUse?: string; seen?: (algorithm: string) => Seen } = {},
): Confirmation {
  return judgeConfirmation({
    measured: measuredPlan(plan, (name) => 10 * (real[name] ?? 1), seen),
    simulated: simulation(expected),
    ...{ names, leftOut: [], inUse, metric: 'p99', scale, world: [], noise: undefined },
  })
}

const outcomes = ({ pairs }: Confirmation) => pairs.map(({ outcome }) => outcome)

test('both show the algorithm in use worse, and the second best as good: confirmed', () => {
  const found = judged({ 'round-robin': 2 }, { 'round-robin': 2 })
  expect(outcomes(found)).toEqual(['confirmed', 'confirmed'])
  expect(found).toMatchObject({ outcome: 'confirmed', base: 'least-connections', blocks: 6 })
  expect(found.pairs[1]?.measured?.ratio.center).toBeCloseTo(2, 0)
  expect(found.arms.map(({ name, trials, agrees }) => [name, trials, agrees])).toEqual(
    names.map((name) => [name, 6, true]),
  )
})

test('neither shows a difference: confirmed, too', () => {
  expect(judged({}, {})).toMatchObject({ outcome: 'confirmed' })
})

test('measured better than the best of the simulation: contradicted, and both stand', () => {
  const found = judged({ 'two-choices': 0.5 }, { 'two-choices': 1.5 })
  expect(found.outcome).toBe('contradicted')
  expect(outcomes(found)[0]).toBe('contradicted')
  expect(found.arms[1]?.agrees).toBe(false)
  expect(found.pairs[0]?.simulated?.ratio.center).toBeCloseTo(1.5, 1)
})

test('both worse by very different factors: the pair differs, the choice is confirmed', () => {
  const found = judged({ 'round-robin': 4 }, { 'round-robin': 1.5 })
  expect(outcomes(found)).toEqual(['confirmed', 'differs'])
  expect(found.outcome).toBe('confirmed')
})

test('a small difference of the simulation that the trials do not show: not decided', () => {
  const found = judged({}, { 'round-robin': 1.08 })
  expect(found.pairs[1]).toMatchObject({
    outcome: 'not decided',
    simulated: { outcome: 'worse' },
  })
  expect(found.outcome).toBe('not decided')
})

test('where the best is in use, the second best decides', () => {
  const found = judged({ 'round-robin': 4 }, { 'round-robin': 1.5 }, { inUse: 'least-connections' })
  expect(found.outcome).toBe('confirmed')
})

test('without valid trials nothing is measured, and nothing confirmed', () => {
  const found = judged({}, {}, { seen: () => ({ verdict: { valid: false } }) })
  expect(found.outcome).toBe('not decided')
  expect(found.arms[0]).toMatchObject({ trials: 0, invalid: 6 })
  expect(found.arms[0]).not.toHaveProperty('measured')
  expect(outcomes(found)).toEqual(['not decided', 'not decided'])
})

test('trials that the driver or the host limited decide nothing', () => {
  const seen = (algorithm: string): Seen => ({
    verdict: { bottleneck: algorithm === 'round-robin' ? 'host' : 'none' },
  })
  const found = judged({ 'round-robin': 0.5 }, {}, { seen })
  expect(outcomes(found)).toEqual(['confirmed', 'not decided'])
  expect(found.outcome).toBe('not decided')
})

test('p99.9 and the mean are confirmed by p99, for which a window has enough requests', () => {
  expect((['mean', 'p50', 'p99', 'p99.9'] as const).map(confirmedMetric)).toEqual([
    ...['p99', 'p50', 'p99', 'p99'],
  ])
})
