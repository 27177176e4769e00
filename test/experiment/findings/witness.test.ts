import { expect, test } from 'vitest'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { withWitness } from '../../../src/experiment/findings/witness.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

/** Throughputs of the blocks around `center`: up to 1 % off. */
const around = (center: number) =>
  [0, 1, -1, 0.5, -0.5, 0.2, -0.2, 0.8].map((p) => center * (1 + p / 100))

interface Trials {
  readonly values: readonly number[]
  readonly bottleneck?: 'target' | 'driver'
  readonly valid?: boolean
}

/** The note of an arm that both measured: its values in each block. */
function noteOf(own: Trials, other: Trials) {
  const plan = planOf([arm('a')], { witness: 'wrk', blocks: 8 })
  const trials = ({ values, bottleneck = 'target', valid = true }: Trials) =>
    values.map((ok, block) =>
      measurement({ ok: Math.round(ok), block, latencies: [1000], verdict: { bottleneck, valid } }),
    )
  const measured = trials(own)
  const findings = withWitness(analyse(plan, measured, 4), {
    ...{ plan, measured, cpus: 4 },
    driver: 'lean',
    witnessed: trials(other),
    margin: () => 0.03,
  })
  const notes = findings
    .flatMap((one) => one.notes)
    .filter(({ code }) => /witness|disputed/.test(code))
  expect(notes).toHaveLength(1)
  return notes[0]
}

test('two drivers whose figures do not differ agree, with the ratio and its interval', () => {
  expect(noteOf({ values: around(1000) }, { values: around(1010).toReversed() })).toMatchObject({
    code: 'witness-agrees',
    values: { driver: 'lean', witness: 'wrk' },
  })
})

test('figures of the target that differ are disputed, and both stand', () => {
  const note = noteOf({ values: around(1000) }, { values: around(1200) })
  expect(note).toMatchObject({ code: 'disputed' })
  const { rate, witnessRate, ratio, low, high } = { ...note?.values } as Record<string, number>
  expect([rate, witnessRate].map((one) => Math.round((one ?? 0) / 100))).toEqual([10, 12])
  expect(ratio).toBeCloseTo(1.2, 2)
  expect(low).toBeGreaterThan(1.1)
  expect(high).toBeLessThan(1.3)
})

test('a lower bound is not disputed by a higher figure, but a higher bound disputes a figure', () => {
  const bound = { values: around(1000), bottleneck: 'driver' } as const
  expect(noteOf(bound, { values: around(1200) })).toMatchObject({
    code: 'witness-undecided',
    values: { cause: 'lower-bound' },
  })
  expect(noteOf({ values: around(800) }, bound)).toMatchObject({ code: 'disputed' })
  expect(noteOf({ values: around(1200) }, bound)).toMatchObject({ code: 'witness-undecided' })
})

test('too few blocks decide nothing', () => {
  const few = (center: number) => ({ values: around(center).slice(0, 3) })
  expect(noteOf(few(1000), few(2000))).toMatchObject({
    code: 'witness-undecided',
    values: { cause: 'few-trials' },
  })
})

test('a witness without a valid trial has failed', () => {
  expect(noteOf({ values: around(1000) }, { values: around(1000), valid: false })).toMatchObject({
    code: 'witness-failed',
  })
})

test('a plan without a witness has no such note', () => {
  const plan = planOf([arm('a')])
  const measured = [measurement()]
  const findings = analyse(plan, measured, 4)
  const options = { plan, measured, witnessed: [], driver: 'lean', margin: () => 0.03, cpus: 4 }
  expect(withWitness(findings, options)).toEqual(findings)
})
