import fc from 'fast-check'
import { expect, test } from 'vitest'
import { membership } from '../../../src/balancer/health/health-memory.ts'
import { type Ward, ward } from '../support/ward.ts'

const row = fc.nat(7)
/** Anything that can happen to a set of backends; what cannot happen at the moment is refused. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('fail' as const), row }) },
  fc.record({ kind: fc.constant('answer' as const), row }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), row }) },
  fc.record({ kind: fc.constantFrom('drain', 'undrain', 'remove', 'add', 'down', 'up'), row }),
  fc.record({ kind: fc.constant('weigh' as const), row }),
)

function happen(w: Ward, { kind, row }: { kind: string; row: number }): void {
  const id = `b${row}:80`
  const attempts: Record<string, () => unknown> = {
    fail: () => w.fail(row, 3),
    answer: () => w.answer(row),
    pass: () => w.pass(row),
    drain: () => w.changes.drain(id),
    undrain: () => w.changes.undrain(id),
    remove: () => w.changes.remove(id),
    add: () => w.changes.add({ url: `http://${id}`, weight: 1 }),
    weigh: () => w.changes.setWeight(id, w.table.weight[row] === 0 ? 2 : 0),
    down: () => w.health.change(w.now, ({ down }) => (down[row] = 1)),
    up: () => w.health.change(w.now, ({ down }) => (down[row] = 0)),
  }
  try {
    attempts[kind]?.()
  } catch (error) {
    expect(error).toMatchObject({ code: 'LB_CHANGE' })
  }
}

/** Holds what the table says against the facts, worked out anew from the columns. */
function check(w: Ward, share: number, panic: number): void {
  const { columns } = w.health
  const rows = [...columns.membership.keys()]
  const members = rows.filter((at) => columns.membership[at] === membership.member)
  const wanted = members.filter((at) => columns.drained[at] === 0 && columns.weight[at] !== 0)
  const sound = wanted.filter((at) => columns.ejected[at] === 0 && columns.down[at] === 0)
  const started = sound.filter((at) => (columns.slowStartFrom[at] as number) < 0)
  const ejected = wanted.filter((at) => columns.ejected[at] === 1)
  const eligible = w.eligible()
  expect(ejected.length).toBeLessThanOrEqual(share * wanted.length + 1e-6)
  if (sound.length < panic * wanted.length) expect(eligible).toEqual(wanted)
  else {
    expect(sound).toEqual(expect.arrayContaining(eligible))
    expect(eligible).toEqual(expect.arrayContaining(started))
    expect(eligible.length > 0).toBe(sound.length > 0)
  }
  const weights = rows.map((at) => (members.includes(at) ? columns.weight[at] : 0))
  expect([...w.table.weight]).toEqual(weights)
}

test('whatever happens, the table says what the facts say', () => {
  const shares = fc.nat(20).map((twentieths) => twentieths / 20)
  fc.assert(
    fc.property(
      fc.array(happening, { maxLength: 60, size: 'max' }),
      shares,
      shares,
      (events, share, panic) => {
        const settings = { passive: { failures: 3 }, maxEjectedShare: share, panicThreshold: panic }
        const w = ward({
          weights: [1, 2, 3, 1, 1],
          spare: 3,
          settings: { ...settings, slowStart: 5 },
        })
        for (const event of events) {
          happen(w, event)
          check(w, share, panic)
        }
      },
    ),
    { seed: 5, numRuns: 150 },
  )
})

test('when backends leave, an ejected one comes back rather than exceed the share', () => {
  const settings = { passive: { failures: 1, ejection: 10 } }
  const w = ward({ weights: [1, 1, 1, 1], settings })
  w.fail(1)
  w.now = 1
  w.fail(0)
  expect(w.eligible()).toEqual([2, 3])
  w.changes.remove('b3:80')
  // One of three may stay out; row 1 would have been back first.
  expect(w.eligible()).toEqual([1, 2])
})

test('the generation moves on with the set and the weights, and not with health', () => {
  const w = ward({ weights: [1, 1], spare: 1, settings: { passive: { failures: 1 } } })
  const generation = () => w.health.columns.common[16] as number
  const moves = (change: () => void) => {
    const before = generation()
    change()
    return generation() !== before
  }
  expect(moves(() => w.changes.setWeight('b0:80', 3))).toBe(true)
  expect(moves(() => w.changes.add({ url: 'http://c:80', weight: 1 }))).toBe(true)
  expect(moves(() => w.changes.remove('c:80'))).toBe(true)
  expect(moves(() => w.changes.drain('b0:80'))).toBe(false)
  expect(moves(() => w.changes.undrain('b0:80'))).toBe(false)
  expect(moves(() => w.fail(0))).toBe(false)
  expect(moves(() => w.pass(1000))).toBe(false)
})
