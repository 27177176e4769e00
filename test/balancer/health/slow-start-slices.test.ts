import { expect, test } from 'vitest'
import { weighted } from '../../../src/algorithms/weighted.ts'
import { slowStartSlices } from '../../../src/balancer/health/slow-start-slices.ts'
import { type HealthFixture, healthFixture } from '../support/health-fixture.ts'

const settings = { passive: { failures: 1, ejection: 10 }, slowStart: 100 }

/** Counts in how many of the next `slices` slices of 10 ms `row` is eligible. */
function openSlicesOf(fixture: HealthFixture, nextSlice: (now: number) => boolean, row: number) {
  return (slices: number): number => {
    let count = 0
    for (let i = 0; i < slices; i++) {
      fixture.now += 0.01
      nextSlice(fixture.now)
      if (fixture.table.eligible[row] === 1) count++
    }
    return count
  }
}

test('a returning backend is eligible in a share of the slices that grows to all', () => {
  const fixture = healthFixture({ weights: [1, 1], settings })
  const { nextSlice } = slowStartSlices(fixture.health)
  const openSlices = openSlicesOf(fixture, nextSlice, 0)
  fixture.fail(0)
  fixture.advance(10)
  // Less than one earned slice is left over before and after: ±1. 10 % of 100 slices are 10.
  expect(Math.abs(openSlices(100) - 10)).toBeLessThanOrEqual(1)
  fixture.now = 10 + 30
  // From 30 % to 31 % over 100 slices: 30.5.
  expect(Math.abs(openSlices(100) - 30.5)).toBeLessThanOrEqual(1)
  fixture.now = 10 + 100
  expect(openSlices(100)).toBe(100)
  expect(nextSlice(fixture.now)).toBe(false)
})

test('no slow start when the balancer starts', () => {
  const fixture = healthFixture({ weights: [1, 1], settings })
  expect(slowStartSlices(fixture.health).nextSlice(0.01)).toBe(false)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('a backend that is undrained, gets a weight or is added starts slowly too', () => {
  const fixture = healthFixture({ weights: [1, 1, 0], spare: 1, settings })
  fixture.changes.drain('b0:80')
  fixture.changes.undrain('b0:80')
  fixture.changes.setWeight('b2:80', 5)
  fixture.changes.add({ url: 'http://new:80', weight: 1 })
  expect(fixture.eligible()).toEqual([1])
  expect(fixture.health.columns.slowStartFrom).toEqual(new Float64Array([0, -1, 0, 0]))
})

test('when all backends are in their slow start all are eligible', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { ...settings, maxEjectedShare: 1 } })
  fixture.fail(0)
  fixture.fail(1)
  fixture.advance(10)
  expect(fixture.eligible()).toEqual([0, 1])
  const { nextSlice } = slowStartSlices(fixture.health)
  for (let i = 0; i < 100; i++) {
    fixture.now += 0.01
    nextSlice(fixture.now)
    expect(fixture.eligible()).not.toEqual([])
  }
})

test('an ejection ends the slow start, and the next return begins another', () => {
  const fixture = healthFixture({ weights: [1, 1], settings })
  fixture.fail(0)
  fixture.advance(10)
  fixture.advance(50)
  fixture.fail(0)
  fixture.advance(10)
  expect(fixture.health.columns.slowStartFrom[0]).toBe(70)
})

test('slow start limits a backend to its share under a weighted algorithm', () => {
  const fixture = healthFixture({ weights: [3, 1], settings, algorithm: weighted })
  fixture.fail(0)
  fixture.advance(10)
  expect(fixture.table.weight).toEqual(new Int32Array([3, 1]))
  expect(
    Math.abs(openSlicesOf(fixture, slowStartSlices(fixture.health).nextSlice, 0)(1000) - 100),
  ).toBeLessThanOrEqual(1)
})
