import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rendezvous } from '../../src/algorithms/rendezvous.ts'
import { seeded } from '../../src/kit/random.ts'
import { type PickerHarness, pickerHarness } from '../support/algorithms/picker-harness.ts'

const keys = Array.from(
  { length: 100_000 },
  (_, client) => `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`,
)

test('ten backends with similar names share the keys evenly', () => {
  // Binomial(100 000, 1/10): four standard deviations are 0.38 %.
  for (const share of shares(ten())) expect(Math.abs(share - 0.1)).toBeLessThan(0.0038)
})

test.for([[[4, 1]], [[1, 2, 3, 10]], [[100, 1]]] as const)(
  'shares follow the weights %j',
  ([weights]) => {
    const total = weights.reduce((sum: number, weight) => sum + weight, 0)
    shares(pickerHarness(rendezvous, { weights })).forEach((share, row) => {
      const due = (weights[row] ?? 0) / total
      // Four standard deviations of a binomial share.
      expect(Math.abs(share - due)).toBeLessThan(4 * Math.sqrt((due * (1 - due)) / keys.length))
    })
  },
)

test('a backend that is removed or down moves only its own keys, and they return with it', () => {
  const work = ten()
  const before = mapping(work)
  work.table.eligible[3] = 0
  const down = mapping(work)
  expect(before.filter((row, key) => row !== 3 && row !== down[key])).toHaveLength(0)
  expect(down).not.toContain(3)
  expect(moved(mapping(ten({ gone: 3 })), down)).toBe(0)
  work.table.eligible[3] = 1
  expect(moved(mapping(work), before)).toBe(0)
})

test('the keys of a backend that is down are distributed by the weights of the others', () => {
  const { table, pick } = pickerHarness(rendezvous, { weights: [1, 2, 3] })
  const lost = keys.filter((key) => pick({ key }) === 2)
  table.eligible[2] = 0
  const first = lost.filter((key) => pick({ key }) === 0).length
  // Four standard deviations of binomial(≈ 50 000, 1/3) are 0.84 %.
  expect(Math.abs(first / lost.length - 1 / 3)).toBeLessThan(0.0084)
})

test('a weight takes effect at the next pick, and raising it moves keys only to its backend', () => {
  const work = pickerHarness(rendezvous, { weights: [1, 1, 1] })
  const before = mapping(work)
  work.table.weight[1] = 2
  const after = mapping(work)
  expect(after.filter((row, key) => row !== 1 && row !== before[key])).toHaveLength(0)
  expect(moved(after, before)).toBeGreaterThan(0)
})

test('the order of the backends does not matter', () => {
  const ids = Array.from({ length: 10 }, (_, row) => `b${row}:80`)
  const weights = ids.map((_, row) => 1 + (row % 4))
  const straight = mapping(pickerHarness(rendezvous, { weights, ids }))
  const turned = pickerHarness(rendezvous, { weights: weights.toReversed(), ids: ids.toReversed() })
  expect(
    moved(
      mapping(turned).map((row) => 9 - row),
      straight,
    ),
  ).toBe(0)
})

test('a common factor in all weights changes nothing', () => {
  const once = pickerHarness(rendezvous, { weights: [1, 2, 3] })
  const times = pickerHarness(rendezvous, { weights: [64, 128, 192] })
  expect(moved(mapping(times), mapping(once))).toBe(0)
})

test('any key, in any script, always has the same pick', () => {
  const { pick } = pickerHarness(rendezvous, { weights: [5, 1, 1], down: [0] })
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (key) => {
      const row = pick({ key })
      expect([1, 2]).toContain(row)
      expect(pick({ key })).toBe(row)
    }),
  )
})

test('requests with an empty key are distributed by weight', () => {
  expect(pickerHarness(rendezvous, { weights: [1, 1, 1] }).picks(6)).toEqual([0, 1, 2, 0, 1, 2])
})

test('retries reach every backend, then the pick is −1; so it is when all weights are 0', () => {
  const { pick } = pickerHarness(rendezvous, { weights: [1, 1, 1, 1] })
  const tried: number[] = []
  for (let at = 0; at < 4; at++) tried.push(pick({ key: 'a', tried }))
  expect(new Set(tried).size).toBe(4)
  expect(pick({ key: 'a', tried })).toBe(-1)
  expect(pickerHarness(rendezvous, { weights: [0, 0] }).pick({ key: 'a' })).toBe(-1)
})

test('a key that was picked before goes where all backends are read for it, whatever has changed', () => {
  const weights = Array.from({ length: 70 }, (_, row) => row % 3)
  const known = pickerHarness(rendezvous, { weights, told: 'eligibility' })
  const read = pickerHarness(rendezvous, { weights })
  const random = seeded(5)
  const below = (limit: number) => Math.floor(random() * limit)
  const differing: number[] = []
  for (let step = 0; step < 3000; step++) {
    const choice = {
      key: `k${below(40)}`,
      ...(random() < 0.05 && { tried: [below(70), below(70)] }),
    }
    if (known.pick(choice) !== read.pick(choice)) differing.push(step)
    if (random() > 0.02) continue
    const [row, weight, eligible] = [below(70), below(4), below(2)]
    for (const { table, picker } of [known, read]) {
      table.weight[row] = weight
      table.eligible[row] = eligible
      picker.changed?.(row)
    }
  }
  expect(differing).toEqual([])
})

/** Ten backends of weight 1; the row of `gone` has no backend. */
function ten({ gone = -1 } = {}): PickerHarness {
  const rows = Array.from({ length: 10 }, (_, row) => row)
  return pickerHarness(rendezvous, {
    weights: rows.map(() => 1),
    ids: rows.map((row) => (row === gone ? '' : `b${row}:80`)),
    down: [gone],
  })
}

function mapping({ pick }: PickerHarness): number[] {
  return keys.map((key) => pick({ key }))
}

function shares(work: PickerHarness): number[] {
  const counts = new Array<number>(work.table.size).fill(0)
  for (const row of mapping(work)) counts[row] = (counts[row] ?? 0) + 1
  return counts.map((count) => count / keys.length)
}

/** How many keys are mapped to another row. */
function moved(after: readonly number[], before: readonly number[]): number {
  return after.filter((row, key) => row !== before[key]).length
}
