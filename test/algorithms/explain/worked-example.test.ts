import { expect, test } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.ts'
import { type Situation, workedExample } from '../../../src/algorithms/explain/worked-example.ts'
import { algorithms } from '../../../src/algorithms/index.ts'
import { leastConnections } from '../../../src/algorithms/least-connections.ts'
import { peakEwma } from '../../../src/algorithms/peak-ewma.ts'
import { weighted } from '../../../src/algorithms/weighted.ts'
import { UsageError } from '../../../src/kit/errors.ts'

const situation: Situation = {
  weights: [5, 1, 1],
  down: [],
  inFlight: [],
  latencies: [],
  picks: 7,
  seed: 1,
}

const explain = (algorithm: Algorithm, changes: Partial<Situation> = {}) =>
  workedExample(algorithm, { ...situation, ...changes })

const backendsOf = (algorithm: Algorithm, changes: Partial<Situation> = {}) =>
  explain(algorithm, changes).requests.map(({ backend }) => backend)

test('has the picks of the real algorithm', () => {
  expect(backendsOf(weighted)).toEqual([1, 1, 2, 1, 3, 1, 1])
  expect(backendsOf(weighted, { down: [2] })).toEqual([1, 1, 1, 3, 1, 1, 1])
})

test('leaves requests in flight, and has those before each pick', () => {
  const { requests, counts } = explain(leastConnections, {
    inFlight: [3, 1, 2],
    picks: 3,
  })
  expect(requests.map(({ inFlight }) => inFlight)).toEqual([
    [3, 1, 2],
    [3, 2, 2],
    [3, 2, 3],
  ])
  expect(counts).toEqual([0, 2, 1])
})

test('uses latencies of earlier responses', () => {
  expect(backendsOf(peakEwma, { weights: [1, 1], latencies: [0.08, 0.01] })).toEqual(
    Array(7).fill(2),
  )
})

test('has 0 when no backend is eligible', () => {
  expect(backendsOf(weighted, { weights: [1], down: [1], picks: 2 })).toEqual([0, 0])
})

test('works for every algorithm, and is the same with the same seed', () => {
  for (const algorithm of algorithms) {
    const example = explain(algorithm)
    expect(example).toEqual(explain(algorithm))
    expect(example.counts.reduce((a, b) => a + b, 0)).toBe(7)
    const keyed = example.requests.every(({ key }) => key !== '')
    expect(keyed).toBe(algorithm.inputs.includes('key'))
  }
})

test.for([
  [{ weights: [1, -1] }, 'backends[1].weight'],
  [{ down: [4] }, 'down names backend 4'],
  [{ down: [0] }, 'down names backend 0'],
  [{ inFlight: [1, 2, 3, 4] }, 'in-flight has 4 values'],
  [{ inFlight: [-1] }, 'in-flight has the value -1'],
] as const)('rejects %j', ([changes, message]) => {
  expect(() => explain(weighted, changes)).toThrow(UsageError)
  expect(() => explain(weighted, changes)).toThrow(message)
})
