import { expect, test } from 'vitest'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'
import { poisson, queue, simulate } from '../support/algorithms/queue-simulation.ts'

test('picks the backend with the fewest requests in flight', () => {
  expect(pickerHarness(leastConnections, { weights: [1, 1, 1], inFlight: [3, 1, 2] }).pick()).toBe(
    1,
  )
})

test('backends of an idle set take turns', () => {
  expect(pickerHarness(leastConnections, { weights: [1, 1, 1] }).picks(6)).toEqual([
    0, 1, 2, 0, 1, 2,
  ])
})

test('tied backends take turns, others are not picked', () => {
  const { picks } = pickerHarness(leastConnections, {
    weights: [1, 1, 1, 1],
    inFlight: [5, 0, 9, 0],
  })
  expect(picks(4)).toEqual([1, 3, 1, 3])
})

test('a slow backend is not picked while it is busy', () => {
  // nginx-tests, upstream_least_conn.t: 5/5 in sequence, then all ten to the one that answers.
  const { table, picks } = pickerHarness(leastConnections, { weights: [1, 1] })
  expect(picks(10).filter((row) => row === 0)).toHaveLength(5)
  table.inFlight[0] = 1
  expect(picks(10)).toEqual(Array(10).fill(1))
})

test('keeps the requests in flight within one of each other', () => {
  const { table, pick } = pickerHarness(leastConnections, { weights: [1, 1, 1] })
  for (let request = 0; request < 100; request++) {
    const row = pick()
    table.inFlight[row] = (table.inFlight[row] ?? 0) + 1
    expect(Math.max(...table.inFlight) - Math.min(...table.inFlight)).toBeLessThanOrEqual(1)
  }
})

test('a slow backend gets its share of the load, with as many in flight as the others', () => {
  // 20.5 requests a second for servers that can do 1 + 10 + 10: none is ever idle for long.
  const counts = [0, 0, 0]
  const servers = [queue(1), queue(10), queue(10)]
  const world = { servers, gap: poisson(20.5), requests: 200_000, seed: 1 }
  simulate(leastConnections, world, (row) => {
    counts[row] = (counts[row] ?? 0) + 1
  })
  // Idle for 1 − 20.5/21 = 2.4 % of the time on average, the slow one least: up to 2.4 % more than 1/21.
  expect((counts[0] ?? 0) / 200_000 / (1 / 21)).toBeGreaterThan(0.97)
  expect((counts[0] ?? 0) / 200_000 / (1 / 21)).toBeLessThan(1.05)
})
