import { expect, test } from 'vitest'
import { addCount, ownValue } from '../../src/kit/own-value.ts'

const names = ['constructor', 'toString', '__proto__', 'a']

test.for(names)('%s is no field of an empty map', (name) => {
  expect(ownValue({}, name)).toBeUndefined()
})

test.for(names)('%s is counted as any name', (name) => {
  const counts: Record<string, number> = {}
  addCount(counts, name)
  addCount(counts, name, 2)
  expect(Object.entries(counts)).toEqual([[name, 3]])
})
