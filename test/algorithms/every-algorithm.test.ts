import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Algorithm, BackendTable } from '../../src/algorithms/algorithm.ts'
import { algorithms } from '../../src/algorithms/index.ts'
import { seeded } from '../../src/kit/random.ts'
import { chiSquare, countPicks } from '../support/algorithms/count-picks.ts'
import { type PickerHarness, pickerHarness } from '../support/algorithms/picker-harness.ts'

/** A set of up to ten backends, some of them down, busy or without weight. */
const sets = fc
  .array(fc.record({ weight: fc.nat(6), inFlight: fc.nat(9), open: fc.boolean() }), {
    minLength: 1,
    maxLength: 10,
  })
  .map((rows) => ({
    weights: rows.map(({ weight }) => weight),
    inFlight: rows.map(({ inFlight }) => inFlight),
    down: rows.flatMap(({ open }, row) => (open ? [] : [row])),
  }))

/** A request with its key, the rows that it tried and its latency; and one row that changes after it. */
const step = fc.record({
  key: fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()),
  tried: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
  seconds: fc.double({ min: 0, max: 2, noNaN: true }),
  passed: fc.double({ min: 0, max: 5, noNaN: true }),
  row: fc.nat(9),
  weight: fc.nat(6),
  inFlight: fc.nat(9),
  open: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function pickOnce(
  { table, picker, pick }: PickerHarness,
  { key, tried, seconds }: Step,
  now: number,
) {
  const open = [...table.eligible.keys()].filter(
    (row) => table.eligible[row] === 1 && table.weight[row] !== 0 && !tried.includes(row),
  )
  const before = [...table.inFlight]
  const picked = pick({ key, tried, now })
  expect(open.length === 0 ? [-1] : open).toContain(picked)
  // The caller writes inFlight, not the picker.
  expect([...table.inFlight]).toEqual(before)
  if (picked !== -1) picker.recordLatency?.(picked, seconds, now)
}

function change(table: BackendTable, { row, weight, inFlight, open }: Step): void {
  if (row >= table.size) return
  table.weight[row] = weight
  table.inFlight[row] = inFlight
  table.eligible[row] = open ? 1 : 0
}

/** A random IPv4 address. */
function address(random: () => number): string {
  return Array.from({ length: 4 }, () => Math.floor(random() * 256)).join('.')
}

/**
 * The picks for `requests` requests from random addresses, with 100 per unit of weight in flight at a time, of
 * which the oldest ends. (On an idle set, dividing by the weight has no effect.)
 */
function underLoad(algorithm: Algorithm, weights: readonly number[], requests: number): number[] {
  const random = seeded(11)
  const { table, pick } = pickerHarness(algorithm, { weights })
  const maxInFlight = 100 * weights.reduce((a, b) => a + b, 0)
  const rows: number[] = []
  for (let request = 0; request < requests; request++) {
    const row = pick({ key: address(random) })
    rows.push(row)
    table.inFlight[row] = (table.inFlight[row] as number) + 1
    const ended = rows[request - maxInFlight]
    if (ended !== undefined) table.inFlight[ended] = (table.inFlight[ended] as number) - 1
  }
  return rows
}

describe.each(algorithms.map((algorithm) => [algorithm.name, algorithm] as const))(
  '%s',
  (_name, algorithm) => {
    test('picks a row that may be picked, and −1 only if there is none', () => {
      fc.assert(
        fc.property(sets, fc.array(step, { minLength: 1, maxLength: 40 }), (set, steps) => {
          const work = pickerHarness(algorithm, set)
          let now = 0
          for (const step of steps) {
            now += step.passed
            pickOnce(work, step, now)
            change(work.table, step)
          }
        }),
      )
    })

    test('retries reach every backend that may be picked, each once', () => {
      fc.assert(
        fc.property(sets, fc.ipV4(), (set, key) => {
          const { pick } = pickerHarness(algorithm, set)
          const tried: number[] = []
          for (let row = pick({ key }); row !== -1; row = pick({ key, tried })) tried.push(row)
          const open = set.weights.flatMap((weight, row) =>
            weight > 0 && !set.down.includes(row) ? [row] : [],
          )
          expect(tried.sort((a, b) => a - b)).toEqual(open)
        }),
      )
    })

    test.for([[[5, 1, 1]], [[1, 2, 3, 4]], [[2, 2]]] as const)(
      'distributes by weight, or evenly if weight is not an input: %j',
      ([weights]) => {
        const rows = underLoad(algorithm, weights, 20_000)
        const counts = countPicks(rows, weights.length)
        const due = weights.map((weight) => (algorithm.inputs.includes('weight') ? weight : 1))
        const sum = due.reduce((a, b) => a + b, 0)
        due.forEach((weight, row) => {
          const share = weight / sum
          // A binomial count; on a ring of 160 points per unit of weight the share varies too.
          const ring = algorithm.inputs.includes('key') ? share ** 2 / (160 * weight) : 0
          const deviation = Math.sqrt((share * (1 - share)) / rows.length + ring)
          expect(Math.abs((counts[row] ?? 0) / rows.length - share)).toBeLessThan(4 * deviation)
        })
      },
    )

    test('favours no row in a tie', () => {
      const { picks } = pickerHarness(algorithm, {
        weights: Array(8).fill(1),
        inFlight: Array(8).fill(3),
      })
      // χ² with 7 degrees of freedom exceeds 24.3 once in 1,000 seeds.
      expect(chiSquare(countPicks(picks(8000), 8), Array(8).fill(1))).toBeLessThan(24.3)
    })

    test('a backend that returns gets its share again', () => {
      const random = seeded(13)
      const { table, pick } = pickerHarness(algorithm, { weights: [1, 1, 1], down: [1] })
      const some = () => Array.from({ length: 300 }, () => pick({ key: address(random) }))
      expect(some()).not.toContain(1)
      table.eligible[1] = 1
      // At least a fifth of the keys on a ring of 160 points each, which is 5 standard deviations below.
      expect(countPicks(some(), 3)[1]).toBeGreaterThan(60)
    })

    test('has one-line texts, and declares its memory', () => {
      const { name, summary, source, cost, state, parameters } = algorithm
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      for (const text of [summary, source, cost, state]) expect(text).toMatch(/^[^\n]+$/)
      for (const [field, parameter] of Object.entries(parameters)) {
        expect(field).toMatch(/^[a-z][A-Za-z]*$/)
        expect(parameter.summary).toMatch(/^[^\n]+$/)
      }
      const { ints, floats } = algorithm.cells(10)
      expect(ints).toBeGreaterThanOrEqual(0)
      expect(floats).toBeGreaterThanOrEqual(0)
    })
  },
)
