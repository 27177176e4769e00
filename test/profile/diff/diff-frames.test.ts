import { expect, test } from 'vitest'
import { diffFrames } from '../../../src/profile/diff/diff-frames.ts'
import { simulatedPairs } from './simulated-profiles.ts'

const isColoured = ({ outcome }: { outcome: string }) => outcome === 'better' || outcome === 'worse'

test('an arm against itself: at most 5 % of the frames are coloured in 20 runs', () => {
  const frames = Array.from(
    { length: 20 },
    (_, seed) => diffFrames(simulatedPairs({ seed })).frames,
  )
  const all = frames.flat()
  expect(all.length).toBeGreaterThan(500)
  expect(all.filter(isColoured).length / all.length).toBeLessThanOrEqual(0.05)
})

test('an arm against itself: most runs colour nothing, since each p is adjusted for all frames', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed)
  const coloured = seeds.filter((seed) =>
    diffFrames(simulatedPairs({ seed })).frames.some(isColoured),
  )
  // One in 20 is expected; without the adjustment it is most of them.
  expect(coloured.length).toBeLessThanOrEqual(3)
})

test('a function of 2 µs a request that only the head has is found in at least 18 of 20 runs', () => {
  const found = Array.from({ length: 20 }, (_, seed) =>
    diffFrames(simulatedPairs({ seed, planted: 2 })).frames.find(
      ({ frame }) => frame.name === 'planted',
    ),
  )
  expect(found.filter((one) => one?.outcome === 'worse').length).toBeGreaterThanOrEqual(18)
  for (const one of found) expect(one?.base).toBe(0)
  const [first] = found
  expect(first?.self.low).toBeLessThan(2)
  expect(first?.self.high).toBeGreaterThan(1.8)
})

test('so few pairs that no test of them can decide are said to be too few', () => {
  const { frames, perRequest } = diffFrames(simulatedPairs({ seed: 1, pairs: 3, planted: 5 }))
  expect(new Set(frames.map(({ outcome }) => outcome))).toEqual(new Set(['too few trials']))
  expect(perRequest?.center).toBeGreaterThan(3)
})

test('one pair has no difference with an interval', () => {
  expect(diffFrames(simulatedPairs({ seed: 1, pairs: 1 }))).toEqual({
    pairs: 1,
    confidence: 0.95,
    perRequest: undefined,
    frames: [],
  })
})
