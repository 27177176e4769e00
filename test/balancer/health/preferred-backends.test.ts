import { expect, test } from 'vitest'
import { reportBackends } from '../../../src/balancer/health/backend-report.ts'
import { healthFixture } from '../support/health-fixture.ts'

const passive = { failures: 1 }
const settings = { passive, maxEjectedShare: 1, zone: { name: 'a' } }

test('only the backends of the own zone are eligible, while enough of their weight is healthy', () => {
  const fixture = healthFixture({
    weights: [1, 1, 1, 1, 5],
    zones: ['a', 'a', 'a', 'a', 'b'],
    settings,
  })
  expect(fixture.eligible()).toEqual([0, 1, 2, 3])
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([1, 2, 3])
  // Half of the zone is less than the threshold of 0.7.
  fixture.fail(1)
  expect(fixture.eligible()).toEqual([2, 3, 4])
  fixture.advance(11)
  expect(fixture.eligible()).toEqual([0, 1, 2, 3])
})

test('drained backends do not count as lost', () => {
  const fixture = healthFixture({ weights: [1, 1, 1], zones: ['a', 'a', 'b'], settings })
  fixture.changes.drain('b0:80')
  expect(fixture.eligible()).toEqual([1])
  fixture.changes.drain('b1:80')
  expect(fixture.eligible()).toEqual([2])
})

test('without a backend in the zone, or without a zone, all are eligible', () => {
  const zones = ['b', 'c']
  expect(healthFixture({ weights: [1, 1], zones, settings }).eligible()).toEqual([0, 1])
  expect(healthFixture({ weights: [1, 1], zones }).eligible()).toEqual([0, 1])
})

test('backups are eligible while no other backend is healthy', () => {
  const fixture = healthFixture({
    weights: [1, 1, 1],
    backups: [2],
    settings: { passive, maxEjectedShare: 1 },
  })
  expect(fixture.eligible()).toEqual([0, 1])
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([1])
  fixture.changes.drain('b1:80')
  expect(fixture.eligible()).toEqual([2])
  fixture.changes.undrain('b1:80')
  expect(fixture.eligible()).toEqual([1])
})

test('backups of the own zone are preferred among backups', () => {
  const fixture = healthFixture({
    weights: [1, 1, 1],
    zones: ['a', 'a', 'b'],
    backups: [1, 2],
    settings,
  })
  fixture.changes.drain('b0:80')
  expect(fixture.eligible()).toEqual([1])
})

test('in panic all are eligible', () => {
  const fixture = healthFixture({
    weights: [1, 1, 1],
    zones: ['a', 'a', 'b'],
    backups: [1],
    settings: { ...settings, panicThreshold: 0.9 },
  })
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([0, 1, 2])
})

test('a backend that is added has its zone, too, and reports say who stands by', () => {
  const fixture = healthFixture({ weights: [1], zones: ['a'], spare: 2, settings })
  fixture.changes.add({ url: 'http://b8:80', weight: 2, zone: 'b' })
  fixture.changes.add({ url: 'http://b9:80', weight: 2, zone: 'a', backup: true })
  expect(fixture.eligible()).toEqual([0])
  const report = reportBackends(fixture.health, {
    now: 0,
    panic: false,
    failureReason: () => undefined,
  })
  expect(
    report.map(({ zone, backup, effectiveWeight, reason }) => [
      zone,
      backup,
      effectiveWeight,
      reason,
    ]),
  ).toEqual([
    ['a', false, 1, ''],
    ['b', false, 0, 'standby: in another zone'],
    ['a', true, 0, 'standby: backup'],
  ])
})
