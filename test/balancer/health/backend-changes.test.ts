import { expect, test } from 'vitest'
import { consistentHash } from '../../../src/algorithms/consistent-hash.ts'
import { reportBackends } from '../../../src/balancer/health/backend-report.ts'
import { readBackends } from '../../../src/balancer/health/read-backends.ts'
import { ward } from '../support/ward.ts'

const ids = (w: ReturnType<typeof ward>) =>
  readBackends(w.health.columns).backends.map((member) => member?.id)

test('a drained backend gets nothing until it is undrained', () => {
  const w = ward({ weights: [1, 1] })
  w.changes.drain('b0:80')
  expect(w.eligible()).toEqual([1])
  expect(w.table.weight[0]).toBe(1)
  w.changes.undrain('b0:80')
  expect(w.eligible()).toEqual([0, 1])
})

test('a backend joins in a free row, and the others keep theirs', () => {
  const w = ward({ weights: [1, 1], spare: 1 })
  expect(w.changes.add({ url: 'http://new:8080', weight: 4 })).toBe(2)
  expect(ids(w)).toEqual(['b0:80', 'b1:80', 'new:8080'])
  expect(w.eligible()).toEqual([0, 1, 2])
  expect([...w.table.weight]).toEqual([1, 1, 4])
})

test('the row of a removed backend is given away only when nothing is in flight there', () => {
  const w = ward({ weights: [1, 1] })
  w.table.inFlight[0] = 1
  w.changes.remove('b0:80')
  expect(w.eligible()).toEqual([1])
  expect(() => w.changes.add({ url: 'http://new:80', weight: 1 })).toThrow(/no room/)
  expect(w.table.inFlight[0]).toBe(1)
  w.table.inFlight[0] = 0
  expect(w.changes.add({ url: 'http://new:80', weight: 1 })).toBe(0)
  expect(ids(w)).toEqual(['new:80', 'b1:80'])
})

test('a new backend inherits nothing from the one before it in its row', () => {
  const w = ward({ weights: [1, 1], settings: { passive: { failures: 1 } } })
  w.fail(0)
  w.changes.drain('b0:80')
  w.changes.remove('b0:80')
  w.changes.add({ url: 'http://new:80', weight: 1 })
  expect(w.eligible()).toEqual([0, 1])
  expect(w.health.columns.ejections[0]).toBe(0)
})

test('with checks a backend that joins has to pass one first', () => {
  const w = ward({ weights: [1], spare: 1, settings: { active: {} } })
  expect(w.eligible()).toEqual([0])
  w.changes.add({ url: 'http://new:80', weight: 1 })
  expect(w.eligible()).toEqual([0])
})

test.for([
  ['b9:80', 'unknown', /no backend "b9:80"/],
  ['b0:80', 'conflict', /b0:80 is a backend already/],
] as const)('a change for %s is refused where it makes no sense', ([id, reason, message]) => {
  const w = ward({ weights: [1], spare: 1 })
  const change = () =>
    reason === 'unknown'
      ? w.changes.setWeight(id, 2)
      : w.changes.add({ url: `http://${id}`, weight: 1 })
  expect(change).toThrow(message)
  expect(change).toThrow(expect.objectContaining({ reason }))
})

test('an address that cannot be read, or kept, is refused', () => {
  const w = ward({ weights: [1], spare: 1 })
  expect(() => w.changes.add({ url: 'ftp://x', weight: 1 })).toThrow(/not the address/)
  const long = `http://${'x'.repeat(300)}:80`
  expect(() => w.changes.add({ url: long, weight: 1 })).toThrow(/too long/)
})

test('what the algorithm cannot work with is refused before any worker sees it', () => {
  const parameters = { pointsPerWeight: 10_000 }
  const w = ward({ weights: [1, 1], spare: 1, algorithm: consistentHash, parameters })
  expect(() => w.changes.setWeight('b0:80', 1000)).toThrow(/points/)
  expect(() => w.changes.add({ url: 'http://new:80', weight: 1000 })).toThrow(/points/)
  expect(ids(w)).toEqual(['b0:80', 'b1:80', undefined])
  expect([...w.table.weight]).toEqual([1, 1, 0])
})

test('the report says of each backend how it stands and why', () => {
  const settings = { passive: { failures: 1, ejection: 10 }, slowStart: 100 }
  const w = ward({ weights: [2, 4, 1, 1, 0, 1, 1, 1], settings })
  w.fail(1)
  w.pass(10)
  w.now += 50
  w.fail(0)
  w.changes.drain('b2:80')
  w.table.inFlight[3] = 2
  w.changes.remove('b3:80')
  w.changes.remove('b5:80')
  w.health.change(w.now, ({ down }) => (down[6] = 1))
  w.now += 4
  const report = reportBackends(w.health, {
    now: w.now,
    panic: false,
    failure: (row) => (row === 6 ? 'connection refused' : undefined),
  })
  expect(
    report.map(({ id, state, effectiveWeight, why }) => [id, state, effectiveWeight, why]),
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
