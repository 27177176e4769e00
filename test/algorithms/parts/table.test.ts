import { expect, test } from 'vitest'
import { allocate, view } from '../../../src/algorithms/parts/table.ts'
import { weighted } from '../../../src/algorithms/weighted.ts'

test('two views of the same memory have the same backends and cells', () => {
  const memory = allocate(3, weighted)
  const one = view(memory, ['a:1', 'b:2', 'c:3'])
  const other = view(structuredClone(memory), ['a:1', 'b:2', 'c:3'])
  one.table.weight[2] = 7
  Atomics.add(one.table.inFlight, 1, 1)
  one.shared.ints[4] = -3
  expect(other.table.weight[2]).toBe(7)
  expect(other.table.inFlight[1]).toBe(1)
  expect(other.shared.ints[4]).toBe(-3)
})

test('rows beyond the backends are empty and not eligible', () => {
  const { table } = view(allocate(4, weighted), ['a:1'])
  expect(table.ids).toEqual(['a:1', '', '', ''])
  expect([...table.eligible]).toEqual([0, 0, 0, 0])
})
