import { expect, test } from 'vitest'
import { edgeOf } from '../../src/choose/edge-search.ts'

const options = { start: 1, min: 0.02, max: 50, step: 1.25, tolerance: 0.01 }

test.for([0.021, 0.5, 0.99, 1, 1.01, 3, 49.9])('the edge at %d is found from the start', (edge) => {
  let tries = 0
  const found = edgeOf((value) => {
    tries++
    return value <= edge
  }, options)
  expect(Number(found) / edge).toBeCloseTo(1, 1)
  expect(Math.abs(Math.log(Number(found) / edge))).toBeLessThan(0.011)
  expect(tries).toBeLessThan(20)
})

test('a condition that holds everywhere, or nowhere, has no edge between the bounds', () => {
  expect(edgeOf(() => true, options)).toBe('above')
  expect(edgeOf(() => false, options)).toBe('below')
})

test('a start beyond the bounds begins at the nearest one', () => {
  const tried: number[] = []
  const holds = (value: number) => {
    tried.push(value)
    return value <= 2
  }
  expect(edgeOf(holds, { ...options, start: 1000 })).toBeCloseTo(2, 1)
  expect(tried[0]).toBe(50)
})

test('a search that begins near the edge takes few steps', () => {
  const tried: number[] = []
  const holds = (value: number) => {
    tried.push(value)
    return value <= 1.02
  }
  edgeOf(holds, { ...options, step: 1.04, tolerance: 0.02 })
  expect(tried.length).toBeLessThanOrEqual(4)
})
