import { expect, test } from 'vitest'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { comparisons } from '../../../src/experiment/findings/comparisons.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { gaussian } from '../../stats/gaussian.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const bounds = { margin: () => 0.03, cpus: 2 }

/** Ten blocks of an arm at about this rate, with a wobble of ± 0.5 % that differs from arm to arm. */
function tenAt(name: string, ok: number, step: number): Measurement[] {
  return Array.from({ length: 10 }, (_, block) =>
    measurement({
      arm: name,
      block,
      ok: Math.round(ok * (1 + 0.001 * (((block * step) % 11) - 5))),
    }),
  )
}
const answersOf = (found: ReturnType<typeof comparisons>) =>
  found.map(({ arm, metric, outcome }) => `${arm} ${metric} ${outcome}`)

test('says better, worse and same of each arm against the first', () => {
  const plan = planOf(['a', 'b', 'c', 'd'].map((name) => arm(name)))
  const measured = [
    ...tenAt('a', 1000, 3),
    ...tenAt('b', 1200, 5),
    ...tenAt('c', 800, 7),
    ...tenAt('d', 1000, 9),
  ]
  const found = comparisons(plan, measured, bounds)
  expect(answersOf(found).filter((text) => text.includes('throughput'))).toEqual([
    'b throughput better',
    'c throughput worse',
    'd throughput same',
  ])
  // The same CPU-seconds for more requests cost less each.
  expect(answersOf(found)).toContain('b cpuPerRequest better')
  expect(found.every(({ base }) => base === 'a')).toBe(true)
})

test('the margin of the host decides what is the same', () => {
  const plan = planOf([arm('a'), arm('b')])
  const measured = [...tenAt('a', 1000, 3), ...tenAt('b', 1100, 5)]
  const answerAt = (margin: number) =>
    comparisons(plan, measured, { ...bounds, margin: () => margin })[0]?.outcome
  expect(answerAt(0.03)).toBe('better')
  expect(answerAt(0.2)).toBe('same')
})

test('five pairs cannot decide, however far they lie apart', () => {
  const plan = planOf([arm('a'), arm('b')])
  const measured = [...tenAt('a', 1000, 3), ...tenAt('b', 5000, 5)].filter(
    ({ trial }) => trial.block < 5,
  )
  expect(comparisons(plan, measured, bounds)[0]?.outcome).toBe('too few trials')
})

test('one pair is no comparison at all', () => {
  const plan = planOf([arm('a'), arm('b')])
  expect(comparisons(plan, [measurement(), measurement({ arm: 'b' })], bounds)).toEqual([])
})

test('p is adjusted for the family', () => {
  const pair = [...tenAt('a', 1000, 3), ...tenAt('b', 1010, 5)]
  const alone = comparisons(planOf([arm('a'), arm('b')]), pair, bounds)[0]
  const three = planOf([arm('a'), arm('b'), arm('c')])
  const among = comparisons(three, [...pair, ...tenAt('c', 1010, 7)], bounds)[0]
  expect(alone?.p).toBeLessThan(0.05)
  expect(among?.p).toBeGreaterThan(alone?.p as number)
})

test('arms with more cores than the host are left out', () => {
  const plan = planOf([arm('a', { cores: 8 }), arm('b', { cores: 8 })])
  const measured = [...tenAt('a', 1000, 3), ...tenAt('b', 1200, 5)]
  expect(comparisons(plan, measured, bounds)).toEqual([])
  expect(comparisons(plan, measured, { ...bounds, cpus: 8 })).not.toEqual([])
})

test('the latency phase is compared by latency', () => {
  const plan = planOf([arm('a'), arm('b')], { phases: ['latency'] })
  const at = (name: string, micros: number) =>
    Array.from({ length: 8 }, (_, block) =>
      measurement({
        arm: name,
        block,
        phase: 'latency',
        ok: 100,
        latencies: Array(100).fill(micros),
      }),
    )
  const found = comparisons(plan, [...at('a', 1000), ...at('b', 2000)], bounds)
  expect(answersOf(found)).toEqual(['b latencyP50 worse', 'b latencyP99 worse'])
})

test('a ratio is the quotient of the two findings, also where a trial lacks its pair', () => {
  const plan = planOf([arm('a'), arm('b')])
  const measured = [
    ...tenAt('a', 1000, 3),
    // The host was slow in the blocks that only this arm lacks.
    ...tenAt('b', 1100, 5).filter(({ trial }) => trial.block > 1),
    ...tenAt('b', 500, 5)
      .filter(({ trial }) => trial.block <= 1)
      .map((one) => ({ ...one, verdict: { ...one.verdict, valid: false } })),
  ]
  const findings = analyse(plan, measured, 2)
  for (const { metric, phase, base, arm: other, ratio } of comparisons(plan, measured, {
    ...bounds,
    findings,
  })) {
    const [from, to] = [base, other].map(
      (name) => findings.find((one) => one.arm === name && one.phase === phase)?.metrics[metric],
    )
    expect(ratio.center).toBeCloseTo((to?.center ?? 0) / (from?.center ?? 1), 12)
    expect(ratio.low).toBeLessThanOrEqual(ratio.center)
    expect(ratio.high).toBeGreaterThanOrEqual(ratio.center)
    expect(ratio.n).toBe(8)
  }
})

test('of fifteen arms, the one whose requests cost 1.5 times as much is found in eight blocks, and no other', () => {
  const normal = gaussian(seeded(21))
  const names = Array.from({ length: 15 }, (_, i) => `arm-${i}`)
  const measured = names.flatMap((name) =>
    Array.from({ length: 8 }, (_, block) =>
      measurement({
        ...{ arm: name, block },
        cpu: { target: 0.4 * (name === 'arm-9' ? 1.5 : 1) * Math.exp(0.06 * normal()) },
      }),
    ),
  )
  const found = comparisons(planOf(names.map((name) => arm(name))), measured, bounds)
  const decided = found.filter(({ outcome }) => outcome === 'worse' || outcome === 'better')
  expect(answersOf(decided)).toEqual(['arm-9 cpuPerRequest worse'])
})
