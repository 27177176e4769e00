import { expect, test } from 'vitest'
import { divided } from '../../../src/driver/external/read-bytes.ts'

test('responses are divided as the bytes that were read, and none is lost', () => {
  const samples = [
    { ms: 0, bytes: 50 },
    { ms: 100, bytes: 150 },
    { ms: 200, bytes: 350 },
    { ms: 300, bytes: 350 },
  ]
  expect(divided(samples, 30)).toEqual([10, 20, 0])
  const uneven = divided(samples, 7)
  expect(uneven.reduce((sum, count) => sum + count, 0)).toBe(7)
})

test('a sample that comes late is divided among the bins that it covers', () => {
  const samples = [
    { ms: 0, bytes: 0 },
    { ms: 250, bytes: 250 },
    { ms: 400, bytes: 400 },
  ]
  expect(divided(samples, 400)).toEqual([100, 100, 100, 100])
})

test('without samples there are no bins', () => {
  expect(divided([], 10)).toEqual([])
  expect(divided([{ ms: 0, bytes: 1 }], 10)).toEqual([])
})
