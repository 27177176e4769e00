import { expect, test } from 'vitest'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'

test('picks the rows in order', () => {
  // HAProxy, reg-tests/balance/balance-rr.vtc: eight requests over four servers.
  expect(pickerHarness(roundRobin, { weights: [1, 1, 1, 1] }).picks(8)).toEqual([
    0, 1, 2, 3, 0, 1, 2, 3,
  ])
})

test('the turn of a backend that is down is skipped, not given to the next row', () => {
  expect(pickerHarness(roundRobin, { weights: [1, 1, 1], down: [1] }).picks(6)).toEqual([
    0, 2, 0, 2, 0, 2,
  ])
})

test('the order continues when a backend leaves and returns', () => {
  const { table, picks } = pickerHarness(roundRobin, { weights: [1, 1, 1, 1] })
  expect(picks(2)).toEqual([0, 1])
  table.eligible[0] = 0
  expect(picks(4)).toEqual([2, 3, 1, 2])
  table.eligible[0] = 1
  expect(picks(3)).toEqual([3, 0, 1])
})

test('the split is 6 to 24 when the first of two fails every third request and is ejected after three', () => {
  // nginx-tests, upstream.t: 30 requests, max_fails=3, a failed request goes on to the other peer.
  const { table, pick } = pickerHarness(roundRobin, { weights: [1, 1] })
  const answered = [0, 0]
  let reached = 0
  for (let request = 0; request < 30; request++) {
    let row = pick()
    if (row === 0 && ++reached % 3 === 0) {
      if (reached === 9) table.eligible[0] = 0
      row = pick({ tried: [0] })
    }
    answered[row] = (answered[row] ?? 0) + 1
  }
  expect(answered).toEqual([6, 24])
})
