import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { consistentHash } from '../../src/algorithms/consistent-hash.ts'
import { type PickerHarness, pickerHarness } from '../support/algorithms/picker-harness.ts'

const paths = Array.from({ length: 20_000 }, (_, page) => `/page/${page}`)

test.for([
  ['/some/path', '127.0.0.1:7778'],
  ['/some/longer/path', '127.0.0.1:7777'],
  ['/sad/zaidoon', '127.0.0.1:7778'],
  ['/g', '127.0.0.1:7777'],
  ['/pingora/team/is/cool/and/this/is/a/long/uri', '127.0.0.1:7778'],
  ['/i/am/not/confident/in/this/code', '127.0.0.1:7777'],
] as const)('%s goes to %s, as in nginx and Pingora', ([key, id]) => {
  const ids = ['127.0.0.1:7777', '127.0.0.1:7778']
  expect(ids[pickerHarness(consistentHash, { weights: [1, 1], ids }).pick({ key })]).toBe(id)
})

test.for([10, 11])('a goes to the tenth and b to the fifth of %i backends', (backends) => {
  const ids = Array.from({ length: backends }, (_, i) => `127.0.0.${i + 1}:6443`)
  const { pick } = pickerHarness(consistentHash, { weights: ids.map(() => 1), ids })
  expect([pick({ key: 'a' }), pick({ key: 'b' })]).toEqual([9, 4])
})

// Pingora’s trace of a real nginx is under its own licence: read where it was put, never copied.
const trace = join(import.meta.dirname, '../../../shared/cases/ketama-nginx.csv')

test.skipIf(!existsSync(trace))(
  'all 1,001 paths of a trace go where nginx sent them (skipped without shared/cases/ketama-nginx.csv beside the repository)',
  () => {
    const ids = Array.from({ length: 9 }, (_, i) => `10.0.0.${i + 1}:443`)
    const { pick } = pickerHarness(consistentHash, { weights: ids.map(() => 100), ids })
    const rows = readFileSync(trace, 'utf8').trim().split('\n')
    expect(rows).toHaveLength(1001)
    expect(
      rows.map((row) => `${row.split(',')[0]},${ids[pick({ key: row.split(',')[0] ?? '' })]}`),
    ).toEqual(rows)
  },
)

// A single point each leaves a wide gap before the first and behind the last.
test.for([1, 160])(
  'agrees with a search through all points, %i for each unit of weight, for any key in any script',
  (pointsPerWeight) => {
    const weights = [1, 3, 2]
    const ids = ['10.0.0.1:80', '[2001:db8::1]:443', 'plain']
    const { pick } = pickerHarness(consistentHash, { weights, ids, settings: { pointsPerWeight } })
    const names = [
      ['10.0.0.1', '80'],
      ['[2001:db8::1]', '443'],
      ['plain', ''],
    ]
    const points = names.flatMap((name, row) => {
      const before = Buffer.alloc(4)
      return Array.from({ length: pointsPerWeight * (weights[row] ?? 0) }, () => {
        const point = crc32(before, crc32(name.join('\0')))
        before.writeUInt32LE(point)
        return { point, row }
      })
    })
    points.sort((a, b) => a.point - b.point)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        const next = points.find(({ point }) => point >= crc32(key)) ?? points[0]
        expect(pick({ key })).toBe(next?.row)
      }),
      { numRuns: 1000 },
    )
  },
)

test('equal weights share the keys within what 160 points allow', () => {
  // A share of k random points has a standard deviation of 1/√160 = 8 % of itself: four are 32 %.
  for (const share of shares(pickerHarness(consistentHash, ten()))) {
    expect(Math.abs(share - 0.1)).toBeLessThan(0.032)
  }
})

test('shares follow the weights', () => {
  const [one = 0, , three = 0] = shares(pickerHarness(consistentHash, { weights: [1, 2, 3] }))
  expect(one).toBeGreaterThan(1 / 6 - 0.32 / 6)
  expect(one).toBeLessThan(1 / 6 + 0.32 / 6)
  expect(three).toBeGreaterThan(3 / 6 - 0.32 / 2)
})

test('removing one of ten moves its own keys only, and adding it again restores them', () => {
  const before = mapping(pickerHarness(consistentHash, ten()))
  const without = mapping(pickerHarness(consistentHash, ten({ gone: 3 })))
  expect(without).not.toContain(3)
  expect(before.filter((row, key) => row !== 3 && row !== without[key])).toHaveLength(0)
  expect(moved(mapping(pickerHarness(consistentHash, ten())), before)).toBe(0)
})

test('the keys of a backend that is down go to where they would be without it', () => {
  const { table, ...rest } = pickerHarness(consistentHash, ten())
  const before = mapping(rest)
  table.eligible[3] = 0
  expect(moved(mapping(rest), mapping(pickerHarness(consistentHash, ten({ gone: 3 }))))).toBe(0)
  table.eligible[3] = 1
  expect(moved(mapping(rest), before)).toBe(0)
})

test('raising a weight only moves keys to the backend that grew', () => {
  const before = mapping(pickerHarness(consistentHash, ten()))
  const after = mapping(pickerHarness(consistentHash, { weights: [1, 1, 1, 1, 4, 1, 1, 1, 1, 1] }))
  expect(after.filter((row, key) => row !== 4 && row !== before[key])).toHaveLength(0)
})

test('the order of the backends does not matter', () => {
  const ids = ten().weights.map((_, row) => `b${row}:80`)
  const turned = pickerHarness(consistentHash, { ...ten(), ids: ids.toReversed() })
  expect(
    moved(
      mapping(turned).map((row) => 9 - row),
      mapping(pickerHarness(consistentHash, ten())),
    ),
  ).toBe(0)
})

test('requests with an empty key are distributed by weight', () => {
  // nginx-tests, upstream_hash.t: six requests for `?a=` over three peers are 2/2/2.
  expect(pickerHarness(consistentHash, { weights: [1, 1, 1] }).picks(6)).toEqual([0, 1, 2, 0, 1, 2])
})

test('a weight of 0 takes effect at once, a weight after 0 only when no other row is left', () => {
  const { table, pick } = pickerHarness(consistentHash, { weights: [1, 1, 0] })
  table.weight[0] = 0
  expect(new Set(paths.map((key) => pick({ key })))).toEqual(new Set([1]))
  table.weight[2] = 1
  table.eligible[1] = 0
  expect(pick({ key: '/' })).toBe(2)
})

test('retries reach every backend, then the pick is −1', () => {
  const { pick } = pickerHarness(consistentHash, ten())
  const tried: number[] = []
  for (let at = 0; at < 10; at++) tried.push(pick({ key: '/', tried }))
  expect(new Set(tried).size).toBe(10)
  expect(pick({ key: '/', tried })).toBe(-1)
})

test('the pick is −1 without backends and when all weights are 0', () => {
  expect(pickerHarness(consistentHash, { weights: [] }).pick({ key: '/' })).toBe(-1)
  expect(pickerHarness(consistentHash, { weights: [0, 0] }).pick({ key: '/' })).toBe(-1)
})

test('rejects weights that would make a ring of gigabytes, with a remedy', () => {
  expect(() => pickerHarness(consistentHash, { weights: [60_000, 1] })).toThrow(
    'the sum of the weights, 60001, makes 9600160 points on the ring: the maximum is 8388608',
  )
})

/** Ten backends of weight 1; the row of `gone` has no backend. */
function ten({ gone = -1 } = {}): { weights: number[]; ids: string[] } {
  const rows = Array.from({ length: 10 }, (_, row) => row)
  return { weights: rows.map(() => 1), ids: rows.map((row) => (row === gone ? '' : `b${row}:80`)) }
}

function mapping({ pick }: Pick<PickerHarness, 'pick'>): number[] {
  return paths.map((key) => pick({ key }))
}

function shares(work: PickerHarness): number[] {
  const counts = new Array<number>(work.table.size).fill(0)
  for (const row of mapping(work)) counts[row] = (counts[row] ?? 0) + 1
  return counts.map((count) => count / paths.length)
}

/** How many keys are mapped to another row. */
function moved(after: readonly number[], before: readonly number[]): number {
  return after.filter((row, key) => row !== before[key]).length
}
