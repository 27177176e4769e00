import { expect, test } from 'vitest'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { claimOf } from '../../../src/experiment/findings/claim.ts'
import { compareArms, comparisons } from '../../../src/experiment/findings/comparisons.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { arm, measurement, planOf, type Seen } from '../../support/results/measurements.ts'

const margin = () => 0.03

/** Trials of one arm in blocks whose host speed differs, around so many responses, each arm with its own wobble. */
function trials(
  name: string,
  ok: number,
  { n = 6, step = 3, ...seen }: Seen & { n?: number; step?: number } = {},
) {
  return Array.from({ length: n }, (_, block) =>
    measurement({
      ...{ arm: name, block, ...seen },
      ok: Math.round(ok * (1 + block / 20) * (1 + 0.004 * (((block * step) % 7) - 3))),
    }),
  )
}

function claim(plan: Plan, measured: readonly Measurement[]) {
  const findings = analyse(plan, measured, 2)
  const compared = comparisons(plan, measured, { margin, cpus: 2, findings })
  return claimOf({ plan, measured, findings, comparisons: compared, margin })
}

const three = planOf(['a', 'b', 'c'].map((name) => arm(name)))

test('equal arms: the bound is the farthest end of the intervals of all pairs, not only of those with the base', () => {
  const measured = [
    ...trials('a', 2000),
    ...trials('b', 2010, { step: 5 }),
    ...trials('c', 1990, { step: 2 }),
  ]
  const found = claim(three, measured)
  expect(found).toMatchObject({
    phase: 'capacity',
    different: [],
    alike: ['a', 'b', 'c'],
    pairs: 6,
  })
  const findings = analyse(three, measured, 2)
  const [a, b, c] = three.arms
  const ends = [
    [a, b],
    [a, c],
    [b, c],
  ].flatMap(([base, other]) => {
    const pairing = { base: base as typeof a & object, other: other as typeof a & object }
    const metric = found?.metric ?? 'throughput'
    const options = { phase: 'capacity' as const, metric, margin, findings }
    return compareArms(measured, pairing, options).flatMap(({ ratio }) => [
      ratio.high,
      1 / ratio.low,
    ])
  })
  expect(ends).toHaveLength(6)
  expect(found?.bound).toBeCloseTo(Math.max(...ends) - 1, 12)
})

test('who differs is named, the best first, and the others keep a bound of their own', () => {
  const plan = planOf(['a', 'b', 'c', 'd'].map((name) => arm(name)))
  const found = claim(plan, [
    ...trials('a', 2000),
    ...trials('b', 1500, { step: 5 }),
    ...trials('c', 2005, { step: 2 }),
    ...trials('d', 2600, { step: 4 }),
  ])
  expect(found).toMatchObject({ metric: 'throughput', alike: ['a', 'c'] })
  expect(found?.different.map(({ arm: name, outcome }) => [name, outcome])).toEqual([
    ['d', 'better'],
    ['b', 'worse'],
  ])
  expect(found?.bound).toBeLessThan(0.03)
})

test.for(['driver', 'host'] as const)(
  'where the %s was the bottleneck of an arm, only the CPU time per request says something of it',
  (bottleneck) => {
    const measured = [
      ...trials('a', 2000),
      ...trials('b', 1500, { step: 5, verdict: { bottleneck } }),
      ...trials('c', 2005, { step: 2 }),
    ]
    expect(claim(three, measured)?.metric).toBe('cpuPerRequest')
  },
)

test('with fewer than three pairs nothing is claimed, and a phase of one block is passed over', () => {
  const two = [...trials('a', 2000, { n: 2 }), ...trials('b', 2000, { n: 2 })]
  expect(claim(planOf([arm('a'), arm('b')]), two)).toBeUndefined()
  const plan = planOf([arm('a'), arm('b')], { phases: ['capacity', 'latency'] })
  const later = ['a', 'b'].flatMap((name) => trials(name, 2000, { phase: 'latency', n: 3 }))
  expect(claim(plan, [...two, ...later])?.phase).toBe('latency')
})

test('arms without a valid trial, and the control, are left out', () => {
  const plan = planOf([...three.arms, arm('direct', { target: 'direct' })], { control: 'direct' })
  const measured = [
    ...trials('a', 2000),
    ...trials('b', 2000, { step: 5 }),
    ...trials('c', 100, { verdict: { valid: false } }),
    ...trials('direct', 9000),
  ]
  expect(claim(plan, measured)?.alike).toEqual(['a', 'b'])
})
