import { expect, test } from 'vitest'
import type { Algorithm, Settings } from '../../src/algorithms/algorithm.ts'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { random } from '../../src/algorithms/random.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import { twoChoices } from '../../src/algorithms/two-choices.ts'
import { poisson, queue, simulate } from '../support/algorithms/queue-simulation.ts'

/** An algorithm with settings, its expected mean time, and the number of requests to simulate. */
interface Case {
  readonly name: string
  readonly mean: number
  readonly algorithm: Algorithm
  readonly settings?: Settings
  readonly requests: number
}

/*
 * Random is ten M/M/1 queues: 1 / (1 − 0.9) exactly. Its mean scatters most of all: with the asymptotic
 * variance 2ρ(1+ρ)/(1−ρ)⁴ of the number in a queue, 400,000 requests leave a standard error of 1.4 % over
 * four seeds. Round robin is ten E10/M/1 queues. The 3.11 holds where the two draws may be the same.
 */
const cases: readonly Case[] = [
  { name: 'random', mean: 10, algorithm: random, requests: 400_000 },
  { name: 'round robin', mean: 5.66, algorithm: roundRobin, requests: 300_000 },
  {
    name: 'two choices, drawn with replacement',
    mean: 3.11,
    algorithm: twoChoices,
    settings: { distinct: 0 },
    requests: 150_000,
  },
  { name: 'two choices, distinct', mean: 2.98, algorithm: twoChoices, requests: 150_000 },
  { name: 'least connections', mean: 1.92, algorithm: leastConnections, requests: 150_000 },
]

/**
 * Ten servers that each serve 1 a second on average, in exponential times, and nine requests a second:
 * the mean seconds from arrival to end over four seeds, once the queues have filled.
 */
function meanTime({ algorithm, settings, requests }: Case): number {
  let sum = 0
  let count = 0
  for (let seed = 1; seed <= 4; seed++) {
    const servers = Array(10).fill(queue(1))
    const world = { servers, gap: poisson(9), requests, seed, ...(settings && { settings }) }
    simulate(algorithm, world, (_row, at, seconds) => {
      if (at < 1000) return
      sum += seconds
      count++
    })
  }
  return sum / count
}

test('the mean time in system of each algorithm is that of theory, in the known order', () => {
  const found = cases.map(meanTime)
  cases.forEach(({ name, mean }, i) => {
    expect(Math.abs((found[i] ?? 0) / mean - 1), name).toBeLessThan(0.03)
  })
  expect(found).toEqual([...found].sort((a, b) => b - a))
  // 4.6 million requests: a few seconds, but on a machine that has nothing else to do.
})
