import { expect, test } from 'vitest'
import { consistentHash } from '../../../src/algorithms/consistent-hash.ts'
import { reportBackends } from '../../../src/balancer/health/backend-report.ts'
import { readBackends } from '../../../src/balancer/health/read-backends.ts'
import { healthFixture } from '../support/health-fixture.ts'

const ids = (fixture: ReturnType<typeof healthFixture>) =>
  readBackends(fixture.health.columns).backends.map((backend) => backend?.id)

test('a drained backend is not eligible until it is undrained', () => {
  const fixture = healthFixture({ weights: [1, 1] })
  fixture.changes.drain('b0:80')
  expect(fixture.eligible()).toEqual([1])
  expect(fixture.table.weight[0]).toBe(1)
  fixture.changes.undrain('b0:80')
  expect(fixture.eligible()).toEqual([0, 1])
})

test('a backend is added in a free row, and the others keep theirs', () => {
  const fixture = healthFixture({ weights: [1, 1], spare: 1 })
  expect(fixture.changes.add({ url: 'http://new:8080', weight: 4 })).toBe(2)
  expect(ids(fixture)).toEqual(['b0:80', 'b1:80', 'new:8080'])
  expect(fixture.eligible()).toEqual([0, 1, 2])
  expect([...fixture.table.weight]).toEqual([1, 1, 4])
})

test('the row of a removed backend is reused only when nothing is in flight to it', () => {
  const fixture = healthFixture({ weights: [1, 1] })
  fixture.table.inFlight[0] = 1
  fixture.changes.remove('b0:80')
  expect(fixture.eligible()).toEqual([1])
  expect(() => fixture.changes.add({ url: 'http://new:80', weight: 1 })).toThrow(/no room/)
  expect(fixture.table.inFlight[0]).toBe(1)
  fixture.table.inFlight[0] = 0
  expect(fixture.changes.add({ url: 'http://new:80', weight: 1 })).toBe(0)
  expect(ids(fixture)).toEqual(['new:80', 'b1:80'])
})

test('a new backend inherits no state from the previous one in its row', () => {
  const fixture = healthFixture({ weights: [1, 1], settings: { passive: { failures: 1 } } })
  fixture.fail(0)
  fixture.changes.drain('b0:80')
  fixture.changes.remove('b0:80')
  fixture.changes.add({ url: 'http://new:80', weight: 1 })
  expect(fixture.eligible()).toEqual([0, 1])
  expect(fixture.health.columns.ejections[0]).toBe(0)
})

test('with active checks an added backend must pass one first', () => {
  const fixture = healthFixture({ weights: [1], spare: 1, settings: { active: {} } })
  expect(fixture.eligible()).toEqual([0])
  fixture.changes.add({ url: 'http://new:80', weight: 1 })
  expect(fixture.eligible()).toEqual([0])
})

test.for([
  ['b9:80', 'unknown', /no backend "b9:80"/],
  ['b0:80', 'conflict', /b0:80 is already a backend/],
] as const)('a change of %s is rejected: %s', ([id, reason, message]) => {
  const fixture = healthFixture({ weights: [1], spare: 1 })
  const change = () =>
    reason === 'unknown'
      ? fixture.changes.setWeight(id, 2)
      : fixture.changes.add({ url: `http://${id}`, weight: 1 })
  expect(change).toThrow(message)
  expect(change).toThrow(expect.objectContaining({ reason }))
})

test('an invalid or too long address is rejected', () => {
  const fixture = healthFixture({ weights: [1], spare: 1 })
  expect(() => fixture.changes.add({ url: 'ftp://x', weight: 1 })).toThrow(/not a backend address/)
  const long = `http://${'x'.repeat(300)}:80`
  expect(() => fixture.changes.add({ url: long, weight: 1 })).toThrow(/longer than 255 bytes/)
})

test('weights that the algorithm rejects are rejected before any worker sees them', () => {
  const parameters = { pointsPerWeight: 10_000 }
  const fixture = healthFixture({
    weights: [1, 1],
    spare: 1,
    algorithm: consistentHash,
    parameters,
  })
  expect(() => fixture.changes.setWeight('b0:80', 1000)).toThrow(/points/)
  expect(() => fixture.changes.add({ url: 'http://new:80', weight: 1000 })).toThrow(/points/)
  expect(ids(fixture)).toEqual(['b0:80', 'b1:80', undefined])
  expect([...fixture.table.weight]).toEqual([1, 1, 0])
})

test('the report has the state of each backend and the reason', () => {
  const settings = { passive: { failures: 1, ejection: 10 }, slowStart: 100 }
  const fixture = healthFixture({ weights: [2, 4, 1, 1, 0, 1, 1, 1], settings })
  fixture.fail(1)
  fixture.advance(10)
  fixture.now += 50
  fixture.fail(0)
  fixture.changes.drain('b2:80')
  fixture.table.inFlight[3] = 2
  fixture.changes.remove('b3:80')
  fixture.changes.remove('b5:80')
  fixture.health.change(fixture.now, ({ down }) => (down[6] = 1))
  fixture.now += 4
  const report = reportBackends(fixture.health, {
    now: fixture.now,
    panic: false,
    failureReason: (row) => (row === 6 ? 'connection refused' : undefined),
  })
  expect(
    report.map(({ id, state, effectiveWeight, reason }) => [id, state, effectiveWeight, reason]),
  ).toEqual([
    ['b0:80', 'ejected', 0, 'requests failed; back in 6.0 s'],
    ['b1:80', 'starting', 4 * 0.54, 'slow start, at 54 %'],
    ['b2:80', 'drained', 0, 'drained on request'],
    ['b3:80', 'leaving', 0, 'removed, with requests in flight'],
    ['b4:80', 'no weight', 0, ''],
    ['b6:80', 'down', 0, 'connection refused'],
    ['b7:80', 'up', 1, ''],
  ])
  expect(report[3]).toMatchObject({ inFlight: 2, weight: 1, url: 'http://b3:80' })
})
