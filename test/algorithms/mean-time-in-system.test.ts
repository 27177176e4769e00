import { expect, test } from 'vitest'
import type { Algorithm, Settings } from '../../src/algorithms/algorithm.ts'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { random } from '../../src/algorithms/random.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import { twoChoices } from '../../src/algorithms/two-choices.ts'
import { poisson, queue, simulate } from '../support/queue-simulation.ts'

/**
 * Ten servers that each serve 1 a second on average, in exponential times, and nine requests a second:
 * the mean seconds from arrival to end over ten seeds, once the queues have filled.
 */
function meanTime(algorithm: Algorithm, settings?: Settings): number {
  let sum = 0
  let count = 0
  for (let seed = 1; seed <= 10; seed++) {
    const servers = Array(10).fill(queue(1))
    const world = { servers, gap: poisson(9), requests: 400_000, seed }
    simulate(algorithm, { ...world, ...(settings && { settings }) }, (_row, at, seconds) => {
      if (at < 1000) return
      sum += seconds
      count++
    })
  }
  return sum / count
}

/*
 * Random is ten M/M/1 queues: 1 / (1 − 0.9) exactly. Its mean scatters most of all: with the asymptotic
 * variance 2ρ(1+ρ)/(1−ρ)⁴ of the number in a queue, 44,000 s × ten servers × ten seeds leave a standard
 * error of 0.9 %. Round robin is ten E10/M/1 queues. The 3.11 holds where the two draws may be the same.
 */
const expected: readonly (readonly [string, number, Algorithm, Settings?])[] = [
  ['random', 10, random],
  ['round robin', 5.66, roundRobin],
  ['two choices, drawn with replacement', 3.11, twoChoices, { distinct: 0 }],
  ['two choices, distinct', 2.98, twoChoices],
  ['least connections', 1.92, leastConnections],
]

test('each algorithm keeps requests as long as theory says, in the known order', () => {
  const found = expected.map(([, , algorithm, settings]) => meanTime(algorithm, settings))
  expected.forEach(([name, mean], i) => {
    expect(Math.abs((found[i] ?? 0) / mean - 1), name).toBeLessThan(0.03)
  })
  expect(found).toEqual([...found].sort((a, b) => b - a))
})
