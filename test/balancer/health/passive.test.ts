import { expect, test } from 'vitest'
import { ward } from '../support/ward.ts'

const passive = { failures: 3, ejection: 10, maxEjection: 60 }

test('failures in a row eject a backend, and it returns by itself', () => {
  const w = ward({ weights: [1, 1], settings: { passive } })
  w.fail(0, 2)
  expect(w.eligible()).toEqual([0, 1])
  w.fail(0)
  expect(w.eligible()).toEqual([1])
  w.pass(9.9)
  expect(w.eligible()).toEqual([1])
  w.pass(0.1)
  expect(w.eligible()).toEqual([0, 1])
})

test('a success in between starts the count again', () => {
  const w = ward({ weights: [1, 1], settings: { passive } })
  w.fail(0, 2)
  w.answer(0)
  w.fail(0, 2)
  expect(w.eligible()).toEqual([0, 1])
})

test('a status that says the backend cannot serve is a failure, an error of its own is not', () => {
  const w = ward({ weights: [1, 1], settings: { passive } })
  for (const status of [500, 500, 500, 404]) w.answer(0, status)
  expect(w.eligible()).toEqual([0, 1])
  for (const status of [503, 502, 504]) w.answer(0, status)
  expect(w.eligible()).toEqual([1])
})

test('one failure after its return ejects a backend again, for longer', () => {
  const w = ward({ weights: [1, 1], settings: { passive } })
  w.fail(0, 3)
  w.pass(10)
  w.fail(0)
  expect(w.eligible()).toEqual([1])
  w.pass(19.9)
  expect(w.eligible()).toEqual([1])
  w.pass(0.1)
  expect(w.eligible()).toEqual([0, 1])
})

test('a success after its return ends the probation', () => {
  const w = ward({ weights: [1, 1], settings: { passive } })
  w.fail(0, 3)
  w.pass(10)
  w.answer(0)
  w.fail(0, 2)
  expect(w.eligible()).toEqual([0, 1])
})

test('no more than the share is ejected, and the last one is tried again and again', () => {
  const w = ward({ weights: [1, 1, 1], settings: { passive, maxEjectedShare: 0.67 } })
  for (const row of [0, 1, 2]) w.fail(row, 10)
  expect(w.eligible()).toEqual([2])
  w.pass(10)
  w.answer(0)
  w.fail(2)
  expect(w.eligible()).toEqual([0, 1])
})

test('a single backend is never ejected', () => {
  const w = ward({ weights: [1], settings: { passive } })
  w.fail(0, 100)
  expect(w.eligible()).toEqual([0])
})

test('a limit of 0 switches ejection off', () => {
  const w = ward({ weights: [1, 1], settings: { passive: { failures: 0 } } })
  w.fail(0, 100)
  expect(w.eligible()).toEqual([0, 1])
})

test('below the panic threshold health is ignored, but not the wish of the operator', () => {
  const settings = { passive, maxEjectedShare: 1, panicThreshold: 0.5 }
  const w = ward({ weights: [1, 1, 1, 1, 0], settings })
  w.changes.drain('b3:80')
  w.fail(0, 3)
  expect(w.eligible()).toEqual([1, 2])
  w.fail(1, 3)
  expect(w.eligible()).toEqual([0, 1, 2])
  w.pass(10)
  expect(w.eligible()).toEqual([0, 1, 2])
  w.fail(0)
  expect(w.eligible()).toEqual([1, 2])
})

test('without a threshold nobody is eligible when all are ejected', () => {
  const w = ward({ weights: [1, 1], settings: { passive, maxEjectedShare: 1 } })
  w.fail(0, 3)
  w.fail(1, 3)
  expect(w.eligible()).toEqual([])
})
