import { expect, test } from 'vitest'
import { healthFixture } from '../support/health-fixture.ts'

const passive = { failures: 3, ejection: 10, maxEjection: 60 }

test('consecutive failures eject a backend until the ejection time is over', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive } })
  fixture.fail(0, 2)
  expect(fixture.eligible()).toEqual([0, 1])
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([1])
  fixture.advance(9.9)
  expect(fixture.eligible()).toEqual([1])
  fixture.advance(0.1)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('each ejection is noted, with the time that it lasts', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive } })
  fixture.fail(0, 4)
  fixture.advance(10)
  fixture.fail(0)
  expect(fixture.ejections).toEqual([
    [0, 10],
    [10, 30],
  ])
})

test('a success resets the count of failures', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive } })
  fixture.fail(0, 2)
  fixture.respond(0)
  fixture.fail(0, 2)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('by default no status counts as a failure: any client may ask for a page that has it', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive } })
  for (const status of [500, 502, 503, 504, 404]) fixture.respond(0, status)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('statuses that are set count as failures, others do not', () => {
  const statuses = [502, 503, 504]
  const fixture = healthFixture({
    weights: [1, 1],
    settings: { passive: { ...passive, statuses } },
  })
  for (const status of [500, 500, 500, 404]) fixture.respond(0, status)
  expect(fixture.eligible()).toEqual([0, 1])
  for (const status of [503, 502, 504]) fixture.respond(0, status)
  expect(fixture.eligible()).toEqual([1])
})

test('one failure after an ejection ejects the backend again, for longer', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive } })
  fixture.fail(0, 3)
  fixture.advance(10)
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([1])
  fixture.advance(19.9)
  expect(fixture.eligible()).toEqual([1])
  fixture.advance(0.1)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('a success after an ejection ends the probation', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive } })
  fixture.fail(0, 3)
  fixture.advance(10)
  fixture.respond(0)
  fixture.fail(0, 2)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('no more than maxEjectedShare is ejected; a backend beyond it is considered again at its next failure', () => {
  const fixture = healthFixture({
    weights: [1, 1, 1],
    settings: { passive, maxEjectedShare: 0.67 },
  })
  for (const row of [0, 1, 2]) fixture.fail(row, 10)
  expect(fixture.eligible()).toEqual([2])
  fixture.advance(10)
  fixture.respond(0)
  fixture.fail(2)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('a single backend is never ejected', () => {
  const fixture = healthFixture({ weights: [1], settings: { passive } })
  fixture.fail(0, 100)
  expect(fixture.eligible()).toEqual([0])
})

test('a threshold of 0 failures disables ejection', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive: { failures: 0 } } })
  fixture.fail(0, 100)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('below the panic threshold health is ignored, but drains and weights are not', () => {
  const settings = { passive, maxEjectedShare: 1, panicThreshold: 0.5 }
  const fixture = healthFixture({ weights: [1, 1, 1, 1, 0], settings })
  fixture.changes.drain('b3:80')
  fixture.fail(0, 3)
  expect(fixture.eligible()).toEqual([1, 2])
  fixture.fail(1, 3)
  expect(fixture.eligible()).toEqual([0, 1, 2])
  fixture.advance(10)
  expect(fixture.eligible()).toEqual([0, 1, 2])
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([1, 2])
})

test('without a panic threshold no backend is eligible when all are ejected', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive, maxEjectedShare: 1 } })
  fixture.fail(0, 3)
  fixture.fail(1, 3)
  expect(fixture.eligible()).toEqual([])
})
