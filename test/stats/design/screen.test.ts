import { expect, test } from 'vitest'
import { simulatedScreen, simulatedTwin } from '../../../bench/simulations/screen.ts'
import { mainEffects } from '../../../src/stats/design/main-effects.ts'
import { plackettBurman } from '../../../src/stats/design/plackett-burman.ts'

test('every factor is balanced, and no two are confounded', () => {
  const plan = plackettBurman(11)
  expect(plan.length).toBe(12)
  const product = (a: number, b: number) =>
    plan.reduce((sum, row) => sum + (row[a] as number) * (row[b] as number), 0)
  for (let a = 0; a < 11; a++) {
    expect(plan.reduce((sum, row) => sum + (row[a] as number), 0)).toBe(0)
    for (let b = 0; b < a; b++) expect(product(a, b)).toBe(0)
  }
  expect(plackettBurman(3)[11]).toEqual([-1, -1, -1])
  expect(() => plackettBurman(12)).toThrow(RangeError)
})

test('main effects without noise are the planted ones, whatever the level of a block', () => {
  const plan = plackettBurman(3)
  const planted = [0.05, 0, -0.02]
  const run = (row: readonly number[], level: number) =>
    planted.reduce((sum, effect, i) => sum + (effect * (row[i] as number)) / 2, level)
  const responses = [3, 5].map((level) => plan.map((row) => run(row, level)))
  const found = mainEffects(plan, responses)
  for (const [i, effect] of planted.entries()) expect(found[i]?.center).toBeCloseTo(effect, 10)
  expect(() => mainEffects(plan, responses.slice(1))).toThrow(RangeError)
})

test('three effects of 5 % among 11 are found in at least 18 of 20 screens', () => {
  const found = Array.from({ length: 20 }, (_, seed) => simulatedScreen(seed + 1))
  expect(found.filter(({ isFound }) => isFound).length).toBeGreaterThanOrEqual(18)
})

test('a twin is no difference in at least 19 of 20 runs', () => {
  const found = Array.from({ length: 20 }, (_, seed) => simulatedTwin(seed + 1))
  expect(found.filter((isSame) => isSame).length).toBeGreaterThanOrEqual(19)
})
