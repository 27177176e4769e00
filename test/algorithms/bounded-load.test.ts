import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundedLoad } from '../../src/algorithms/bounded-load.ts'
import { consistentHash } from '../../src/algorithms/consistent-hash.ts'
import { seeded } from '../../src/kit/random.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'

const keys = Array.from({ length: 5000 }, (_, page) => `/page/${page}`)

test('with nothing in flight every key goes where it goes on the plain ring', () => {
  const weights = [1, 2, 3, 1, 1]
  const plain = pickerHarness(consistentHash, { weights })
  const bounded = pickerHarness(boundedLoad, { weights })
  for (const key of keys) expect(bounded.pick({ key })).toBe(plain.pick({ key }))
})

test('a backend is full at ⌈(1 + ε)(m + 1) / n⌉, not before', () => {
  // m = 9 over three: ⌈1.25 × 10 / 3⌉ = 5, where HAProxy has slots for 4, 4 and 5.
  const { table, pick } = pickerHarness(boundedLoad, { weights: [1, 1, 1], inFlight: [4, 4, 1] })
  const toFirst = keys.find(
    (key) => pickerHarness(consistentHash, { weights: [1, 1, 1] }).pick({ key }) === 0,
  )
  expect(pick({ key: toFirst ?? '' })).toBe(0)
  table.inFlight.set([5, 3, 1])
  expect(pick({ key: toFirst ?? '' })).not.toBe(0)
})

test('the keys of a full backend go to the next on the ring, all others stay', () => {
  const plain = pickerHarness(consistentHash, { weights: [1, 1, 1, 1] })
  const bounded = pickerHarness(boundedLoad, { weights: [1, 1, 1, 1], inFlight: [0, 50, 0, 0] })
  for (const key of keys) {
    const home = plain.pick({ key })
    expect(bounded.pick({ key })).toBe(home === 1 ? plain.pick({ key, tried: [1] }) : home)
  }
})

test('no backend exceeds its capacity in any sequence of requests', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 100, max: 300 }),
      fc.array(fc.oneof(fc.constantFrom('hot', 'hot', 'warm'), fc.integer()), { maxLength: 200 }),
      (weights, loadFactor, requests) => {
        const { table, pick } = pickerHarness(boundedLoad, { weights, settings: { loadFactor } })
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const running: number[] = []
        const random = seeded(requests.length)
        for (const request of requests) {
          const row = pick({ key: String(request) })
          const busy = table.inFlight[row] ?? 0
          const capacity = (loadFactor * (running.length + 1) * (weights[row] ?? 0)) / (100 * total)
          expect(busy + 1).toBeLessThanOrEqual(Math.ceil(capacity))
          table.inFlight[row] = busy + 1
          running.push(row)
          if (random() < 0.3) {
            const [done = 0] = running.splice(Math.floor(random() * running.length), 1)
            table.inFlight[done] = (table.inFlight[done] ?? 0) - 1
          }
        }
      },
    ),
  )
})

test('one hot key fills backend after backend evenly when ε is 0', () => {
  const { table, pick } = pickerHarness(boundedLoad, {
    weights: [1, 2, 3],
    settings: { loadFactor: 100 },
  })
  for (let request = 0; request < 60; request++) {
    const row = pick({ key: 'hot' })
    table.inFlight[row] = (table.inFlight[row] ?? 0) + 1
  }
  expect([...table.inFlight]).toEqual([10, 20, 30])
})

test('with a very large ε it is the plain ring, however busy', () => {
  const weights = [1, 1, 1]
  const plain = pickerHarness(consistentHash, { weights })
  const bounded = pickerHarness(boundedLoad, {
    weights,
    inFlight: [100, 0, 0],
    settings: { loadFactor: 1_000_000 },
  })
  for (const key of keys) expect(bounded.pick({ key })).toBe(plain.pick({ key }))
})

test('requests in flight to a backend that is down do not raise the capacity of the others', () => {
  const { pick } = pickerHarness(boundedLoad, {
    weights: [1, 1, 1],
    inFlight: [900, 3, 0],
    down: [0],
  })
  // m = 3 over the two that are left: ⌈1.25 × 4 / 2⌉ = 3.
  expect(new Set(keys.map((key) => pick({ key })))).toEqual(new Set([2]))
})

test('requests with an empty key are distributed by weight', () => {
  expect(pickerHarness(boundedLoad, { weights: [1, 1, 1] }).picks(6)).toEqual([0, 1, 2, 0, 1, 2])
})

test('the pick is −1 when no row is eligible, all are tried or all weights are 0', () => {
  expect(pickerHarness(boundedLoad, { weights: [1, 1], down: [0, 1] }).pick({ key: 'a' })).toBe(-1)
  expect(pickerHarness(boundedLoad, { weights: [1, 1] }).pick({ key: 'a', tried: [0, 1] })).toBe(-1)
  expect(pickerHarness(boundedLoad, { weights: [0, 0] }).pick({ key: 'a' })).toBe(-1)
})

test.for([
  [{ loadFactor: 99 }, 'loadFactor must be from 100 to 1000000, not 99'],
  [{ pointsPerWeight: 1.5 }, 'pointsPerWeight must be an integer, not 1.5'],
] as const)('rejects %o', ([settings, message]) => {
  expect(() => pickerHarness(boundedLoad, { weights: [1], settings })).toThrow(message)
})
