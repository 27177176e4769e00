import { expect, test } from 'vitest'
import { failureNotes } from '../../../src/balancer/health/failure-notes.ts'
import { allocateHealth, healthColumns } from '../../../src/balancer/health/health-memory.ts'

const notes = () => failureNotes(healthColumns(allocateHealth(2)))

test('a backend that begins to fail is reported once, whatever the number of failures', () => {
  const { note } = notes()
  expect(note(0, 'connection-refused', 100)).toBe(true)
  for (let t = 100; t < 200; t++) expect(note(0, 'connection-refused', t)).toBe(false)
  expect(note(1, 'connection-refused', 150)).toBe(true)
})

test('it is reported again after 10 s without a failure, or for another reason, at most every 10 s', () => {
  const { note } = notes()
  note(0, 'connection-refused', 100)
  expect(note(0, 'response-timeout', 105)).toBe(false)
  expect(note(0, 'response-timeout', 110)).toBe(true)
  expect(note(0, 'response-timeout', 115)).toBe(false)
  expect(note(0, 'response-timeout', 124)).toBe(false)
  expect(note(0, 'response-timeout', 134)).toBe(true)
})

test('of the workers, which share the memory, one reports', () => {
  const memory = allocateHealth(1)
  const workers = [1, 2, 3].map(() => failureNotes(healthColumns(memory)))
  const reported = workers.map(({ note }) => note(0, 'connection-refused', 100))
  expect(reported).toEqual([true, false, false])
})
