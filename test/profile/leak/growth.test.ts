import { expect, test } from 'vitest'
import { gaussian } from '../../../src/kit/gaussian.ts'
import { seeded } from '../../../src/kit/random.ts'
import {
  growthOf,
  type LeakRound,
  leakThresholds,
  warmupRounds,
} from '../../../src/profile/leak/growth.ts'

/** Rounds of 5,000 requests whose memory grows, is noisy, and has grown by 1 MB in the first rounds. */
function simulated(seed: number, { leak, walk = 0 }: { leak: number; walk?: number }): LeakRound[] {
  const normal = gaussian(seeded(seed))
  let base = 20e6
  return Array.from({ length: warmupRounds + 8 }, (_, round) => {
    base += 5000 * leak + walk * normal()
    if (round < warmupRounds) base += 1e6 / (round + 1)
    return { count: 5000, bytes: base + 20e3 * normal() }
  })
}

const seeds = Array.from({ length: 100 }, (_, index) => index + 1)
const outcomes = (simulation: { leak: number; walk?: number }) =>
  seeds.map((seed) => growthOf(simulated(seed, simulation), leakThresholds.requests)?.outcome)

test('100 bytes a request are found in each of 100 runs, with an interval around them', () => {
  expect(new Set(outcomes({ leak: 100 }))).toEqual(new Set(['leak']))
  const covered = seeds.filter((seed) => {
    const { perUnit } = growthOf(simulated(seed, { leak: 100 }), 16) ?? {}
    return perUnit !== undefined && perUnit.low <= 100 && perUnit.high >= 100
  })
  expect(covered.length).toBeGreaterThanOrEqual(95)
})

test('no leak is found in 100 runs without one, whether or not noise adds up', () => {
  expect(outcomes({ leak: 0 })).not.toContain('leak')
  expect(outcomes({ leak: 0, walk: 50e3 })).not.toContain('leak')
  expect(outcomes({ leak: 0 }).filter((outcome) => outcome === 'none').length).toBeGreaterThan(80)
})

test('one step is no leak', () => {
  const rounds = Array.from({ length: 11 }, (_, round) => ({
    count: 5000,
    bytes: round < 7 ? 20e6 : 22e6,
  }))
  expect(growthOf(rounds, 16)?.outcome).toBe('inconclusive')
})

test('the first rounds are left out; too few rounds have no estimate', () => {
  const flat = Array.from({ length: warmupRounds + 3 }, (_, round) => ({
    count: 10,
    bytes: round < warmupRounds ? round * 1e6 : 5e6,
  }))
  expect(growthOf(flat, 16)).toEqual({
    perUnit: { center: 0, low: 0, high: 0, confidence: 0.95 },
    rounds: 3,
    outcome: 'none',
  })
  expect(growthOf(flat.slice(1), 16)).toBeUndefined()
})
