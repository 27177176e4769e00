import { expect, test } from 'vitest'
import { truthCases } from '../../bench/simulator/truth-cases.ts'
import { truthCells } from '../../bench/simulator/truth-cells.ts'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { simulate } from '../../src/simulator/simulate.ts'

// `npm run bench:simulator-truth` has all loads and longer runs: here is a part of it.
const few = [
  { name: 'M/M/1', load: 0.7 },
  { name: 'M/D/1', load: 0.7 },
  { name: 'M/G/1 shared, hyperexponential (insensitive)', load: 0.3, seed: 1 },
  { name: 'D/M/1', load: 0.7 },
  { name: 'M/M/4', load: 0.7 },
  { name: 'M/M/2/6', load: 0.9 },
  { name: 'M/G/∞', load: 0.7 },
  { name: 'round robin over 10 (E₁₀/M/1)', load: 0.7 },
]

test('the intervals of closed forms hold the truth, but for one in twenty', () => {
  const cells = few.flatMap(({ name, load, seed = 2 }) => {
    const found = truthCases.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no case ${name}`)
    return truthCells(found, load, { requests: 10_000, replications: 10, seed })
  })
  expect(cells.length).toBeGreaterThan(20)
  // Of so few cells two may miss it by chance, and none by far.
  expect(cells.filter(({ holds }) => !holds).length).toBeLessThanOrEqual(2)
  for (const { name, metric, truth, center, high } of cells) {
    expect(Math.abs(center - truth), `${name} ${metric}`).toBeLessThan(2 * (high - center))
  }
})

test('ties at random are those of the textbook, ties in turns favour the slow backend', () => {
  // Two backends with rates 1 and 3, two requests a second.
  const mean = (ties: number) => {
    const { algorithms } = simulate({
      world: {
        backends: [1, 1 / 3].map((seconds) => ({
          weight: 1,
          service: { kind: 'exponential', mean: seconds },
          servers: 1,
        })),
        arrivals: { kind: 'poisson', rate: 2 },
        clients: { timeout: 1e9 },
        requests: 30_000,
      },
      algorithms: [{ name: 'jsq', algorithm: leastConnections, settings: { ties } }],
      replications: 8,
      seed: 1,
    })
    return algorithms[0]?.metrics?.mean
  }
  const [turns, random] = [mean(0), mean(1)]
  expect(random?.low).toBeLessThan(0.858)
  expect(random?.high).toBeGreaterThan(0.858)
  expect(turns?.low).toBeLessThan(0.908)
  expect(turns?.high).toBeGreaterThan(0.908)
})
