import { expect, test } from 'vitest'
import { maglev } from '../../src/algorithms/maglev.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'

const keys = Array.from({ length: 20_000 }, (_, page) => `/page/${page}`)

test('a key goes to the owner of the entry xxHash64 modulo table size', () => {
  const ids = [90, 91, 92, 93, 94, 95].map((port) => `127.0.0.1:${port}`)
  const { pick } = pickerHarness(maglev, {
    weights: ids.map(() => 1),
    ids,
    settings: { tableSize: 7 },
  })
  // xxHash64 of "a" is d24ec4f1a98c6e5b, which is 6 modulo 7; Envoy’s table is 2 4 0 1 5 0 3.
  expect(0xd24ec4f1a98c6e5bn % 7n).toBe(6n)
  expect(pick({ key: 'a' })).toBe(3)
})

test('shares follow the weights', () => {
  const { pick } = pickerHarness(maglev, { weights: [1, 2, 5] })
  const shares = [0, 0, 0]
  for (const key of keys) shares[pick({ key })] = (shares[pick({ key })] ?? 0) + 1 / keys.length
  // Binomial: four standard deviations of the largest are 4 × √(5/8 × 3/8 / 20 000) = 1.4 %.
  for (const [row, weight] of [1, 2, 5].entries()) {
    expect(Math.abs((shares[row] ?? 0) - weight / 8)).toBeLessThan(0.014)
  }
})

test('a backend that is down moves only its own keys, to all others, and they return with it', () => {
  const { table, pick } = pickerHarness(maglev, { weights: new Array(10).fill(1) })
  const before = keys.map((key) => pick({ key }))
  table.eligible[3] = 0
  const during = keys.map((key) => pick({ key }))
  const heirs = new Set<number>()
  during.forEach((row, at) => {
    if (before[at] === 3) heirs.add(row)
    else expect(row).toBe(before[at])
  })
  expect([...heirs].toSorted()).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9])
  table.eligible[3] = 1
  expect(
    moved(
      keys.map((key) => pick({ key })),
      before,
    ),
  ).toBe(0)
})

test('retries reach every backend, then the pick is −1', () => {
  const { pick } = pickerHarness(maglev, { weights: [1, 1, 1, 1] })
  const tried: number[] = []
  for (let at = 0; at < 4; at++) tried.push(pick({ key: '/', tried }))
  expect(new Set(tried).size).toBe(4)
  expect(pick({ key: '/', tried })).toBe(-1)
})

test('requests with an empty key are distributed by weight', () => {
  expect(pickerHarness(maglev, { weights: [1, 1, 1] }).picks(6)).toEqual([0, 1, 2, 0, 1, 2])
})

test('a weight of 0 takes effect at once, a weight after 0 only when no other row is left', () => {
  const { table, pick } = pickerHarness(maglev, { weights: [1, 1, 0] })
  table.weight[0] = 0
  expect(new Set(keys.map((key) => pick({ key })))).toEqual(new Set([1]))
  table.weight[2] = 1
  table.eligible[1] = 0
  expect(pick({ key: '/' })).toBe(2)
})

test('the pick is −1 without backends and when all weights are 0', () => {
  expect(pickerHarness(maglev, { weights: [] }).pick({ key: '/' })).toBe(-1)
  expect(pickerHarness(maglev, { weights: [0, 0] }).pick({ key: '/' })).toBe(-1)
})

test.for([1, 4, 65_536, 65_537 * 3])(
  'rejects a table of %i entries, and names tableSize',
  (tableSize) => {
    expect(() => pickerHarness(maglev, { weights: [1], settings: { tableSize } })).toThrow(
      /^maglev: tableSize must be/,
    )
  },
)

test('rejects a table with fewer entries than backends', () => {
  expect(() => pickerHarness(maglev, { weights: [1, 1, 1], settings: { tableSize: 2 } })).toThrow(
    'maglev: tableSize 2 is too small for 3 backends',
  )
})

/** How many keys are mapped to another row. */
function moved(after: readonly number[], before: readonly number[]): number {
  return after.filter((row, key) => row !== before[key]).length
}
