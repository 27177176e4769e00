import { expect, test } from 'vitest'
import {
  addField,
  clearFields,
  copyField,
  copyFields,
  newFieldList,
} from '../../../src/http2/field-list.ts'
import { pairsIn } from './support/field-pairs.ts'

test('a field that is copied from a head of HTTP/1.1 has its name in lower case, and its value as it was', () => {
  const list = newFieldList()
  const bytes = Buffer.from('X-Some_Name: Some Value\r\n')
  copyField(list, { bytes, name: 0, nameEnd: 11, value: 13, valueEnd: 23 })
  expect(pairsIn(list)).toEqual([['x-some_name', 'Some Value']])
})

test('a list grows with its fields, and counts 32 bytes more for each', () => {
  const list = newFieldList()
  for (let index = 0; index < 200; index++) addField(list, `name-${index}`, 'v'.repeat(index))
  expect(pairsIn(list)).toHaveLength(200)
  expect(pairsIn(list)[199]).toEqual(['name-199', 'v'.repeat(199)])
  const bytes = pairsIn(list).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  expect(list.size).toBe(bytes + 200 * 32)
})

test('a copy holds when the list is used again', () => {
  const list = newFieldList()
  addField(list, 'one', '1')
  const copy = copyFields(list)
  clearFields(list)
  addField(list, 'two', '2')
  expect(pairsIn(copy)).toEqual([['one', '1']])
  expect(pairsIn(list)).toEqual([['two', '2']])
})
