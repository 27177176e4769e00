import { expect, test } from 'vitest'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { seeded } from '../../src/kit/random.ts'
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

test('it ends at the first idle backend, and picks what a complete search would', () => {
  const dice = seeded(7)
  for (let round = 0; round < 200; round++) {
    const inFlight = Array.from({ length: 8 }, () => Math.floor(dice() * 3))
    const { pick, table } = pickerHarness(leastConnections, { weights: Array(8).fill(1), inFlight })
    const down = Math.floor(dice() * 8)
    table.eligible[down] = 0
    const fewest = Math.min(...inFlight.filter((_, row) => row !== down))
    const first = inFlight.findIndex((busy, row) => busy === fewest && row !== down)
    expect(pick()).toBe(first)
  }
})

test('with ties at random each of the tied backends is equally likely', () => {
  const { picks } = pickerHarness(leastConnections, {
    weights: [1, 1, 1, 1],
    inFlight: [0, 5, 0, 0],
    settings: { ties: 1 },
    random: seeded(1),
  })
  const counts = [0, 0, 0, 0]
  for (const row of picks(6000)) counts[row] = (counts[row] ?? 0) + 1
  expect(counts[1]).toBe(0)
  for (const row of [0, 2, 3]) expect(Math.abs((counts[row] ?? 0) - 2000)).toBeLessThan(150)
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
