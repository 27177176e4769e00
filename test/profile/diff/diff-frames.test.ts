import { expect, test } from 'vitest'
import { diffFrames } from '../../../src/profile/diff/diff-frames.ts'
import { simulatedPairs } from './simulated-profiles.ts'

const isColoured = ({ outcome }: { outcome: string }) => outcome === 'better' || outcome === 'worse'
const diff = (options: Parameters<typeof simulatedPairs>[0]) =>
  diffFrames(simulatedPairs(options), { scaled: true })
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed)

/** How the planted function is found. */
const plantedIn = ({ frames }: ReturnType<typeof diff>) =>
  frames.find(({ frame }) => frame.name === 'planted')

test('an arm against itself: at most 5 % of the frames are coloured in 20 runs', () => {
  const all = seeds(20).flatMap((seed) => diff({ seed }).frames)
  expect(all.length).toBeGreaterThan(500)
  expect(all.filter(isColoured).length / all.length).toBeLessThanOrEqual(0.05)
})

test('an arm against itself: most runs colour nothing, since each p is adjusted for all frames', () => {
  const coloured = seeds(60).filter((seed) => diff({ seed }).frames.some(isColoured))
  // 3 in 60 are expected; without the adjustment it is most of them.
  expect(coloured.length).toBeLessThanOrEqual(7)
})

test('2 µs a request that only the head has, 2 % of 80, are found in at least 18 of 20 runs of 6 pairs of 0.7 s, on a host whose speed differs by times', () => {
  const found = seeds(20).map((seed) => plantedIn(diff({ seed, planted: 2 })))
  expect(found.filter((one) => one?.outcome === 'worse').length).toBeGreaterThanOrEqual(18)
  for (const one of found) expect(one?.base).toBe(0)
})

test('the estimate of a planted function is its cost, on a host whose speed is the same', () => {
  const options = { planted: 2, hostSpread: 0, seconds: 2 }
  const found = seeds(20).map((seed) => plantedIn(diff({ seed, ...options })))
  const covered = found.filter((one) => one && one.self.low <= 2 && one.self.high >= 2)
  expect(covered.length).toBeGreaterThanOrEqual(17)
})

test('a function that costs as much as half of all others does not make them look better', () => {
  const runs = seeds(10).map((seed) => diff({ seed, planted: 40 }).frames.filter(isColoured))
  for (const [first] of runs) expect(first?.frame.name).toBe('planted')
  const others = runs.flat().filter(({ frame }) => frame.name !== 'planted')
  expect(others.length).toBeLessThanOrEqual(2)
})

test('a factor that all frames have in common is the speed of the host, unless the costs do not depend on it', () => {
  const pairs = simulatedPairs({ seed: 4, hostSpread: 0, seconds: 20, headFactor: 1.5 })
  const scaled = diffFrames(pairs, { scaled: true })
  expect(scaled.frames.filter(isColoured)).toEqual([])
  expect(scaled.perRequest?.center).toBeGreaterThan(30)
  const bytes = diffFrames(pairs, { scaled: false })
  expect(bytes.frames.filter(({ outcome }) => outcome === 'worse').length).toBeGreaterThan(20)
})

test('so few pairs that no test of them can decide are said to be too few', () => {
  const { frames, perRequest } = diff({ seed: 1, pairs: 3, planted: 40, hostSpread: 0 })
  expect(new Set(frames.map(({ outcome }) => outcome))).toEqual(new Set(['too few trials']))
  expect(perRequest?.center).toBeGreaterThan(3)
})

test('one pair has no difference with an interval', () => {
  expect(diff({ seed: 1, pairs: 1 })).toEqual({
    pairs: 1,
    confidence: 0.95,
    perRequest: undefined,
    frames: [],
  })
})

test('a trial without a sample in the frames that do not differ is compared as it is', () => {
  const [first] = simulatedPairs({ seed: 1, pairs: 1 })
  const empty = { frames: new Map(), perRequest: 0 }
  const pair = { base: empty, head: first?.head ?? empty }
  const { frames } = diffFrames(
    Array.from({ length: 6 }, () => pair),
    { scaled: true },
  )
  expect(frames[0]).toMatchObject({ base: 0, outcome: 'worse' })
})
