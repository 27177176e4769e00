import { expect, test } from 'vitest'
import type { Algorithm } from '../../src/algorithms/algorithm.ts'
import { algorithms } from '../../src/algorithms/index.ts'
import { seeded } from '../../src/kit/random.ts'
import { type PickerHarness, pickerHarness } from '../support/algorithms/picker-harness.ts'

const size = 90

/** The same algorithm on two tables: one reads them at each pick, the other is told of every change. */
function both(algorithm: Algorithm, weights: readonly number[]): [PickerHarness, PickerHarness] {
  const reading = pickerHarness(algorithm, { weights, random: seeded(3) })
  const told = pickerHarness(algorithm, { weights, random: seeded(3), told: 'everything' })
  return [reading, told]
}

/** An event, and everything that it may need: the same for both. */
function drawn(random: () => number, now: number) {
  const below = (limit: number) => Math.floor(random() * limit)
  return {
    now,
    kind: random(),
    key: `10.${below(99)}.${below(99)}.7`,
    tried: random() < 0.1 ? Array.from({ length: 1 + below(3) }, () => below(size)) : [],
    at: random(),
    seconds: 0.3 * random() ** 3,
    row: below(size),
  }
}
type Event = ReturnType<typeof drawn>

/** One of the two, its requests in flight, and its picks. */
interface Side extends PickerHarness {
  readonly open: number[]
  readonly picked: number[]
}

function request({ pick, open, picked }: Side, { key, now, tried }: Event): number | undefined {
  const row = pick({ key, now, ...(tried.length > 0 && { tried }) })
  picked.push(row)
  if (row === -1) return undefined
  open.push(row)
  return row
}

/** Requests, responses, failures, retries, and backends that go and come back. */
function apply(side: Side, event: Event): void {
  const { table, picker, open } = side
  const count = (row: number, change: number): void => {
    table.inFlight[row] = (table.inFlight[row] as number) + change
    picker.changed?.(row)
  }
  if (event.kind < 0.5) {
    const row = request(side, event)
    if (row !== undefined) count(row, 1)
  } else if (event.kind < 0.97) {
    const [ended] = open.splice(Math.floor(event.at * open.length), 1)
    if (ended === undefined) return
    if (event.kind < 0.9) picker.recordLatency?.(ended, event.seconds, event.now)
    count(ended, -1)
  } else {
    table.eligible[event.row] = 1 - (table.eligible[event.row] as number)
    picker.changed?.(event.row)
  }
}

function picksOf(pair: readonly PickerHarness[], steps: number): number[][] {
  const random = seeded(7)
  const sides = pair.map((harness): Side => ({ ...harness, open: [], picked: [] }))
  let now = 0
  for (let step = 0; step < steps; step++) {
    // Long pauses now and then, in which averages decay by steps.
    now += random() < 0.02 ? 5 * random() : 0.01 * random()
    const event = drawn(random, now)
    for (const side of sides) apply(side, event)
  }
  return sides.map(({ picked }) => picked)
}

const weightSets = {
  'equal weights': () => 1,
  'a few weights': (row: number) => 1 + (row % 4),
  'many weights, some 0': (row: number) => (row * 7) % 12,
}

test.for(
  algorithms.flatMap((algorithm) =>
    Object.entries(weightSets).map(([name, weightOf]) => ({ algorithm, name, weightOf })),
  ),
)('$algorithm.name with $name picks the same with an index', ({ algorithm, weightOf }) => {
  const weights = Array.from({ length: size }, (_, row) => weightOf(row))
  const [reading, told] = picksOf(both(algorithm, weights), 3000)
  expect(told).toEqual(reading)
})

test('the algorithms that read every backend keep an index where they are told of changes', () => {
  const indexed = algorithms.filter((algorithm) => {
    const [, { picker }] = both(algorithm, Array(size).fill(1))
    return picker.changed !== undefined
  })
  expect(indexed.map(({ name }) => name)).toEqual([
    'bounded-consistent-hash',
    'ip-hash',
    'least-connections',
    'least-response-time',
    'rendezvous',
    'weighted',
    'weighted-least-connections',
    'weighted-random',
  ])
})

test('where only eligibility is told, requests in flight are read', () => {
  const weights = Array(size).fill(1)
  const indexed = algorithms.filter((algorithm) => {
    const { picker } = pickerHarness(algorithm, { weights, told: 'eligibility' })
    return picker.changed !== undefined
  })
  expect(indexed.map(({ name }) => name)).toEqual(['ip-hash', 'rendezvous', 'weighted-random'])
})

test('few backends are read faster than an index is kept', () => {
  for (const algorithm of algorithms) {
    const { picker } = pickerHarness(algorithm, { weights: [1, 2, 3], told: 'everything' })
    expect(picker.changed).toBeUndefined()
  }
})
