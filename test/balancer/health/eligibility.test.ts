import fc from 'fast-check'
import { expect, test } from 'vitest'
import { membership } from '../../../src/balancer/health/health-memory.ts'
import { type HealthFixture, healthFixture } from '../support/health-fixture.ts'

const row = fc.nat(7)
/** Any event for a backend set; a change that is not possible at the moment is rejected. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('fail' as const), row }) },
  fc.record({ kind: fc.constant('respond' as const), row }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance' as const), row }) },
  fc.record({ kind: fc.constantFrom('drain', 'undrain', 'remove', 'add', 'down', 'up'), row }),
  fc.record({ kind: fc.constant('weigh' as const), row }),
)

function apply(fixture: HealthFixture, { kind, row }: { kind: string; row: number }): void {
  const id = `b${row}:80`
  const attempts: Record<string, () => unknown> = {
    fail: () => fixture.fail(row, 3),
    respond: () => fixture.respond(row),
    advance: () => fixture.advance(row),
    drain: () => fixture.changes.drain(id),
    undrain: () => fixture.changes.undrain(id),
    remove: () => fixture.changes.remove(id),
    add: () => fixture.changes.add({ url: `http://${id}`, weight: 1 }),
    weigh: () => fixture.changes.setWeight(id, fixture.table.weight[row] === 0 ? 2 : 0),
    down: () => fixture.health.change(fixture.now, ({ down }) => (down[row] = 1)),
    up: () => fixture.health.change(fixture.now, ({ down }) => (down[row] = 0)),
  }
  try {
    attempts[kind]?.()
  } catch (error) {
    expect(error).toMatchObject({ code: 'LB_CHANGE' })
  }
}

/** Compares the table with what follows from the columns, computed independently. */
function check(fixture: HealthFixture, share: number, panic: number): void {
  const { columns } = fixture.health
  const rows = [...columns.membership.keys()]
  const members = rows.filter((at) => columns.membership[at] === membership.member)
  const enabled = members.filter((at) => columns.drained[at] === 0 && columns.weight[at] !== 0)
  const healthy = enabled.filter((at) => columns.ejected[at] === 0 && columns.down[at] === 0)
  const started = healthy.filter((at) => (columns.slowStartFrom[at] as number) < 0)
  const ejected = enabled.filter((at) => columns.ejected[at] === 1)
  const eligible = fixture.eligible()
  expect(ejected.length).toBeLessThanOrEqual(share * enabled.length + 1e-6)
  if (healthy.length < panic * enabled.length) expect(eligible).toEqual(enabled)
  else {
    expect(healthy).toEqual(expect.arrayContaining(eligible))
    expect(eligible).toEqual(expect.arrayContaining(started))
    expect(eligible.length > 0).toBe(healthy.length > 0)
  }
  const weights = rows.map((at) => (members.includes(at) ? columns.weight[at] : 0))
  expect([...fixture.table.weight]).toEqual(weights)
}

test('after any sequence of events the table follows from the columns', () => {
  const shares = fc.nat(20).map((twentieths) => twentieths / 20)
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 60, size: 'max' }),
      shares,
      shares,
      (events, share, panic) => {
        const settings = { passive: { failures: 3 }, maxEjectedShare: share, panicThreshold: panic }
        const fixture = healthFixture({
          weights: [1, 2, 3, 1, 1],
          spare: 3,
          settings: { ...settings, slowStart: 5 },
        })
        for (const event of events) {
          apply(fixture, event)
          check(fixture, share, panic)
        }
      },
    ),
    { seed: 5, numRuns: 150 },
  )
})

test('when backends are removed, ejections end so that the share is not exceeded', () => {
  const settings = { passive: { failures: 1, ejection: 10 } }
  const fixture = healthFixture({ weights: [1, 1, 1, 1], settings })
  fixture.fail(1)
  fixture.now = 1
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([2, 3])
  fixture.changes.remove('b3:80')
  // One of three may stay out; row 1 would have been back first.
  expect(fixture.eligible()).toEqual([1, 2])
})

test('the generation changes with the set and the weights, not with health', () => {
  const fixture = healthFixture({
    weights: [1, 1],
    spare: 1,
    settings: { passive: { failures: 1 } },
  })
  const generation = () => fixture.health.columns.common[16] as number
  const increments = (change: () => void) => {
    const before = generation()
    change()
    return generation() !== before
  }
  expect(increments(() => fixture.changes.setWeight('b0:80', 3))).toBe(true)
  expect(increments(() => fixture.changes.add({ url: 'http://c:80', weight: 1 }))).toBe(true)
  expect(increments(() => fixture.changes.remove('c:80'))).toBe(true)
  expect(increments(() => fixture.changes.drain('b0:80'))).toBe(false)
  expect(increments(() => fixture.changes.undrain('b0:80'))).toBe(false)
  expect(increments(() => fixture.fail(0))).toBe(false)
  expect(increments(() => fixture.advance(1000))).toBe(false)
})
