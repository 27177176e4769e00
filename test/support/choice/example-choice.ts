import { leastConnections } from '../../../src/algorithms/least-connections.ts'
import { roundRobin } from '../../../src/algorithms/round-robin.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import type { Confirmation } from '../../../src/result/schemas/confirmation.ts'
import type { Simulation, SimulationDocument } from '../../../src/result/simulation.ts'
import { rank } from '../../../src/simulator/ranking.ts'
import { simulate } from '../../../src/simulator/simulate.ts'
import { summarise } from '../../../src/stats/estimates/summary.ts'
import { compare } from '../../../src/stats/tests/comparison.ts'

/** One slow backend without a limit of its concurrency, whose capacity is infinite: JSON has no number for it. */
const result: Simulation = simulate({
  world: {
    backends: [
      { weight: 1, service: { kind: 'exponential', mean: 0.01 }, servers: 1 },
      { weight: 1, service: { kind: 'exponential', mean: 0.08 }, servers: 0 },
    ],
    arrivals: { kind: 'poisson', rate: 80 },
    clients: { timeout: 10 },
    requests: 300,
  },
  algorithms: [roundRobin, leastConnections].map((algorithm) => ({
    name: algorithm.name,
    algorithm,
  })),
  ...{ replications: 6, seed: 1 },
})
const ranking = rank(result, 'p99')

const facts = {
  ...{ lb: '0.1.0', scenario: 'mine', seed: 1, replications: 6, requests: 300 },
  world: ['2 backends: weight 1', 'Poisson arrivals: 80.0 req/s'],
  validation: 'not validated for this load',
} as const

/** The document of `lb simulate`. */
export const exampleSimulation: SimulationDocument = {
  ...{ format: 'lb-simulation', version: 1, simulated: true, command: ['simulate', 'mine.yaml'] },
  ...facts,
  result,
  rankings: ranking === undefined ? [] : [ranking],
}

const pairs = [0.5, 0.52, 0.49, 0.51, 0.5, 0.5, 0.48, 0.5].map((value) => [1, 4 * value] as const)
const comparison = compare(pairs, { better: 'less', margin: 0.03 })

/** Real processes that agree with the example. */
export const exampleConfirmation: Confirmation = {
  outcome: 'confirmed',
  base: 'least-connections',
  metric: 'p99',
  scale: { backends: 2, ofBackends: 200, time: 3, rate: 300, ofRate: 9000, differences: [] },
  world: ['2 backends: weight 1, exponential 30.0 ms'],
  ...{ blocks: 8, windowSeconds: 2, complete: true, leftOut: ['maglev'] },
  arms: [
    {
      ...{ name: 'least-connections', trials: 8, invalid: 0, agrees: true, bottleneck: 'none' },
      measured: summarise([0.051, 0.052, 0.053]),
      simulated: summarise([0.05, 0.051, 0.052]),
    },
    {
      ...{ name: 'round-robin', trials: 7, invalid: 1, agrees: false, bottleneck: 'driver' },
      measured: summarise([0.0904, 0.0914, 0.0924]),
      simulated: summarise([0.0745, 0.0755, 0.0765]),
    },
  ],
  pairs: [
    {
      name: 'round-robin',
      outcome: 'confirmed',
      measured: {
        ...{ metric: 'latencyP99', phase: 'latency', arm: 'round-robin ×1' },
        ...{ base: 'least-connections ×1', ratio: comparison.ratio, margin: 0.03 },
        ...{ outcome: 'worse', p: 0.01 },
      },
      simulated: comparison,
    },
  ],
}

/** The document of `lb choose` with an objective and a confirmation. */
export function exampleChoice(differs: Partial<ChoiceDocument> = {}): ChoiceDocument {
  return {
    ...{ format: 'lb-choice', version: 1, simulated: true, confirmed: true },
    ...facts,
    command: ['choose', 'mine.yaml', '--slo', 'p99<100ms'],
    objective: 'p99<100ms',
    inUse: 'round-robin',
    result,
    ...(ranking && { ranking }),
    outcomes: { 'round-robin': 'missed', 'least-connections': 'met' },
    rates: {
      ...{ lowest: 1.6, highest: 800, replications: 5, requests: 300 },
      algorithms: [
        { name: 'least-connections', kind: 'holds' },
        { name: 'round-robin', kind: 'found', rate: summarise([600, 620, 640]) },
      ],
    },
    confirmation: exampleConfirmation,
    ...differs,
  }
}
