import { expect, test } from 'vitest'
import { weighted } from '../../../src/algorithms/weighted.ts'
import { slowStartSlices } from '../../../src/balancer/health/slow-start-slices.ts'
import { ward } from '../support/ward.ts'

const settings = { passive: { failures: 1, ejection: 10 }, slowStart: 100 }

/** Slices out of `slices` of 10 ms in which `row` may be picked. */
function open(w: ReturnType<typeof ward>, turn: (now: number) => boolean, row: number) {
  return (slices: number): number => {
    let count = 0
    for (let i = 0; i < slices; i++) {
      w.now += 0.01
      turn(w.now)
      if (w.table.eligible[row] === 1) count++
    }
    return count
  }
}

test('a backend that returns is open for a share of slices that grows to all', () => {
  const w = ward({ weights: [1, 1], settings })
  const { turn } = slowStartSlices(w.health)
  const openOf = open(w, turn, 0)
  w.fail(0)
  w.pass(10)
  // What was earned is spent but for less than one slice, before as after: ±1. 100 × 10 % are 10.
  expect(Math.abs(openOf(100) - 10)).toBeLessThanOrEqual(1)
  w.now = 10 + 30
  // From 30 % to 31 % over 100 slices: 30.5.
  expect(Math.abs(openOf(100) - 30.5)).toBeLessThanOrEqual(1)
  w.now = 10 + 100
  expect(openOf(100)).toBe(100)
  expect(turn(w.now)).toBe(false)
})

test('no slow start when the balancer starts', () => {
  const w = ward({ weights: [1, 1], settings })
  expect(slowStartSlices(w.health).turn(0.01)).toBe(false)
  expect(w.eligible()).toEqual([0, 1])
})

test('who else comes back, from a drain or from no weight, and who joins, starts slowly too', () => {
  const w = ward({ weights: [1, 1, 0], spare: 1, settings })
  w.changes.drain('b0:80')
  w.changes.undrain('b0:80')
  w.changes.setWeight('b2:80', 5)
  w.changes.add({ url: 'http://new:80', weight: 1 })
  expect(w.eligible()).toEqual([1])
  expect(w.health.columns.slowStartFrom).toEqual(new Float64Array([0, -1, 0, 0]))
})

test('where all are in their slow start all are open', () => {
  const w = ward({ weights: [1, 1], settings: { ...settings, maxEjectedShare: 1 } })
  w.fail(0)
  w.fail(1)
  w.pass(10)
  expect(w.eligible()).toEqual([0, 1])
  const { turn } = slowStartSlices(w.health)
  for (let i = 0; i < 100; i++) {
    w.now += 0.01
    turn(w.now)
    expect(w.eligible()).not.toEqual([])
  }
})

test('failing in the slow start ends it, and the next return starts another', () => {
  const w = ward({ weights: [1, 1], settings })
  w.fail(0)
  w.pass(10)
  w.pass(50)
  w.fail(0)
  w.pass(10)
  expect(w.health.columns.slowStartFrom[0]).toBe(70)
})

test('slow start holds a backend to its share under an algorithm that weighs', () => {
  const w = ward({ weights: [3, 1], settings, algorithm: weighted })
  w.fail(0)
  w.pass(10)
  expect(w.table.weight).toEqual(new Int32Array([3, 1]))
  expect(Math.abs(open(w, slowStartSlices(w.health).turn, 0)(1000) - 100)).toBeLessThanOrEqual(1)
})
