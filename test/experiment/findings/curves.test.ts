import { describe, expect, test } from 'vitest'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { curves } from '../../../src/experiment/findings/curves.ts'
import type { Arm } from '../../../src/plan/plan.ts'
import type { Curve, Verdict } from '../../../src/result/document.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

/** The curve of one algorithm over cores, each row three trials of so many requests a second. */
function curveOf(
  rows: Readonly<Record<number, number>>,
  {
    cpus = 64,
    limits = {},
  }: { cpus?: number; limits?: Record<number, Verdict['bottleneck']> } = {},
): Curve | undefined {
  const arms = Object.keys(rows).map(
    (n): Arm => arm(`rr ×${n}`, { algorithm: 'rr', cores: Number(n) }),
  )
  const plan = planOf(arms)
  const measured = arms.flatMap(({ name, cores }) =>
    [0, 1, 2].map((block) =>
      measurement({
        ...{ arm: name, block, ok: rows[cores] as number },
        cpu: { target: 0.9 * cores },
        verdict: { bottleneck: limits[cores] ?? 'target' },
      }),
    ),
  )
  return curves(plan, analyse(plan, measured, cpus))[0]
}

test('speed-up and efficiency are of the fewest cores', () => {
  const curve = curveOf({ 1: 1000, 2: 1800, 4: 3000 })
  expect(curve?.points.map(({ cores, speedup }) => [cores, speedup])).toEqual([
    [1, 1],
    [2, expect.closeTo(1.8)],
    [4, expect.closeTo(3)],
  ])
  expect(curve?.points[2]?.efficiency).toBeCloseTo(0.75)
})

test('rows stand by cores, in whatever order they were asked for', () => {
  const arms = [4, 1].map((cores) => arm(`rr ×${cores}`, { algorithm: 'rr', cores }))
  const plan = planOf(arms)
  const measured = arms.map(({ name, cores }) => measurement({ arm: name, ok: 1000 * cores }))
  const [curve] = curves(plan, analyse(plan, measured, 8))
  expect(curve?.points.map(({ cores }) => cores)).toEqual([1, 4])
})

describe('a row with more cores than the host', () => {
  const rows = { 1: 1000, 2: 1900, 4: 2700, 8: 500 }
  const curve = curveOf(rows, { cpus: 4 })

  test('has neither speed-up nor efficiency, and is named', () => {
    const last = curve?.points.at(-1)
    expect(last?.cores).toBe(8)
    expect(last?.speedup).toBeUndefined()
    expect(last?.efficiency).toBeUndefined()
    expect(curve?.notes).toContainEqual({ code: 'cores-beyond-host', values: { cores: [8] } })
  })

  test('enters no fit', () => {
    expect(curve?.fit?.kappa.estimate).toBe(
      curveOf({ 1: 1000, 2: 1900, 4: 2700 })?.fit?.kappa.estimate,
    )
  })

  test('has beside it what the CPU cost of the largest real row allows', () => {
    // 0.9 CPU-seconds a core and second: 2,700 requests took 3.6, so 8 CPUs allow 6,000.
    expect(curve?.points.at(-1)?.projection?.center).toBeCloseTo(6000, 0)
  })
})

test('a row that the driver limited enters no fit, and the note counts what is left', () => {
  const curve = curveOf({ 1: 1000, 2: 1900, 4: 2000 }, { limits: { 4: 'driver' } })
  expect(curve?.fit).toBeUndefined()
  expect(curve?.notes).toContainEqual({
    code: 'too-few-core-counts',
    values: { coreCounts: 2, needed: 3 },
  })
  // It still has a speed-up: that is what was measured.
  expect(curve?.points[2]?.speedup).toBeCloseTo(2)
})

test.for(['host', 'none', 'driver', 'backends'] as const)(
  'a row that %s limited enters no fit, and its speed-up is a lower bound',
  (limit) => {
    const rows = { 1: 4000, 2: 7800, 4: 14_500 }
    const curve = curveOf({ ...rows, 8: 15_000 }, { limits: { 8: limit } })
    expect(curve?.fit?.kappa.estimate).toBe(curveOf(rows)?.fit?.kappa.estimate)
    expect(curve?.points.map(({ isLowerBound }) => isLowerBound)).toEqual([
      undefined,
      undefined,
      undefined,
      true,
    ])
  },
)

test('without a row of one core that the target limited there is no speed-up', () => {
  const curve = curveOf({ 1: 4000, 2: 7800, 4: 14_500 }, { limits: { 1: 'driver' } })
  expect(curve?.points.slice(1).map(({ speedup }) => speedup)).toEqual([undefined, undefined])
})

test('rows that are linear have neither contention nor a peak', () => {
  const fit = curveOf({ 1: 1000, 2: 2000, 3: 3000, 4: 4000 })?.fit
  expect(fit?.lambda.estimate).toBeCloseTo(1000, 0)
  expect(fit?.boundary).toEqual(expect.arrayContaining(['sigma', 'kappa']))
  expect(fit?.peak).toBeUndefined()
})

test('one number of cores is no curve, nor are two algorithms on one each, nor is the control', () => {
  expect(curveOf({ 2: 1000 })).toBeUndefined()
  const arms = [arm('a'), arm('b'), arm('direct', { target: 'direct' })]
  const plan = planOf(arms, { control: 'direct' })
  const measured = arms.map(({ name }) => measurement({ arm: name }))
  expect(curves(plan, analyse(plan, measured, 4))).toEqual([])
})
