import { expect, test } from 'vitest'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { judgeKnobs } from '../../../src/experiment/tune/judge-knobs.ts'
import { chooseKnobs } from '../../../src/knobs/choose-knobs.ts'
import { tunePlan } from '../../../src/knobs/tune-plan.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const only = ['pooling', 'access-log', 'read-buffer', 'young-generation', 'old-space']
const planned = tunePlan({
  base: planOf([arm('round-robin')]),
  chosen: chooseKnobs('reference', only),
  maxSeconds: 1e6,
  blocks: 10,
})

/** Ten blocks of an arm whose target uses about this CPU time, with a wobble of ± 0.5 % that differs from arm to arm. */
function tenAt(name: string, cpu: number, also: Partial<Measurement> = {}): Measurement[] {
  const step = 3 + 2 * planned.plan.arms.findIndex((one) => one.name === name)
  return Array.from({ length: 10 }, (_, block) =>
    measurement({
      ...{ arm: name, block, also },
      cpu: { target: cpu * (1 + 0.001 * (((block * step) % 11) - 5)) },
    }),
  )
}

function judged(differs: Readonly<Record<string, Measurement[]>> = {}) {
  const trials = planned.plan.arms.flatMap(({ name }) => differs[name] ?? tenAt(name, 0.5))
  const findings = analyse(planned.plan, trials, 2)
  return judgeKnobs(planned, { trials, findings }, () => 0.03)
}

const answersOf = ({ knobs }: ReturnType<typeof judged>) =>
  Object.fromEntries(knobs.map(({ arm: name, answer, metric }) => [name, `${answer} ${metric}`]))

test('equal arms are no difference by the metric that each knob should move, and so is the twin', () => {
  const found = judged()
  expect(answersOf(found)).toEqual({
    'pooling=off': 'no difference cpuPerRequest',
    'access-log=on': 'no difference cpuPerRequest',
    'access-log=sampled': 'no difference cpuPerRequest',
    'read-buffer=8192': 'no difference cpuPerRequest',
    'young-generation=32': 'no difference cpuPerRequest',
    'old-space=64': 'no difference rssMean',
  })
  expect(found.twin).toMatchObject({ answer: 'no difference', metric: 'cpuPerRequest' })
})

test('more CPU per request hurts, less of it helps, and the figure is beside it', () => {
  const found = judged({
    'pooling=off': tenAt('pooling=off', 0.65),
    'young-generation=32': tenAt('young-generation=32', 0.45),
  })
  expect(answersOf(found)).toMatchObject({
    'pooling=off': 'hurts cpuPerRequest',
    'young-generation=32': 'helps cpuPerRequest',
    'access-log=on': 'no difference cpuPerRequest',
  })
  const pooling = found.knobs.find(({ knob }) => knob === 'pooling')
  const effect = pooling?.effects.find(({ metric }) => metric === 'cpuPerRequest')
  expect(effect?.ratio.center).toBeCloseTo(1.3, 2)
  expect(pooling?.paste).toBe('limits:\n  pool: 0')
  expect(found.knobs.find(({ knob }) => knob === 'young-generation')?.paste).toBe(
    'memory:\n  youngGeneration: 32',
  )
})

test('a knob without a trial in which it took effect is invalid, never no difference', () => {
  const verdict = {
    valid: false,
    reasons: [
      {
        code: 'knob-not-taken' as const,
        values: { knob: 'pooling', what: 'settings limits.pool', wanted: '0', found: '512' },
      },
    ],
  }
  const trials = tenAt('pooling=off', 0.5).map((one) => ({
    ...one,
    verdict: { ...one.verdict, ...verdict },
  }))
  expect(answersOf(judged({ 'pooling=off': trials }))['pooling=off']).toBe('invalid undefined')
})

test('lost requests hurt, where the default lost none', () => {
  const failing = Array.from({ length: 10 }, (_, block) =>
    measurement({ arm: 'access-log=on', block, failed: { errors: 20 + block } }),
  )
  const found = judged({ 'access-log=on': failing })
  const log = found.knobs.find(({ knob }) => knob === 'access-log')
  expect(log?.lost).toMatchObject({ default: 0, outcome: 'worse' })
  expect(log?.answer).toBe('hurts')
})

test('after an interruption the answer is too few trials, also of a knob without a trial', () => {
  const few = (name: string) => tenAt(name, 0.5).slice(0, 3)
  const { arms } = planned.plan
  const found = judged({
    ...Object.fromEntries(arms.map(({ name }) => [name, few(name)])),
    'pooling=off': few('pooling=off').map((one) => ({ ...one, windowSeconds: 2 })),
    'old-space=64': [],
  })
  expect(answersOf(found)).toEqual({
    'pooling=off': 'too few trials cpuPerRequest',
    'access-log=on': 'too few trials cpuPerRequest',
    'access-log=sampled': 'too few trials cpuPerRequest',
    'read-buffer=8192': 'too few trials cpuPerRequest',
    'young-generation=32': 'too few trials cpuPerRequest',
    'old-space=64': 'too few trials undefined',
  })
  const one = judged(Object.fromEntries(arms.map(({ name }) => [name, few(name).slice(0, 1)])))
  expect(new Set(one.knobs.map(({ answer }) => answer))).toEqual(new Set(['too few trials']))
  expect(one.twin?.answer).toBe('too few trials')
})

test('without the phase of its first metric, a knob is judged by the next one that was measured', () => {
  const chosen = chooseKnobs('reference', ['algorithm=least-connections'])
  const own = tunePlan({ base: planOf([arm('round-robin')]), chosen, maxSeconds: 1e6, blocks: 10 })
  const trials = own.plan.arms.flatMap(({ name }, at) =>
    Array.from({ length: 10 }, (_, block) =>
      measurement({ arm: name, block, cpu: { target: 0.5 + 0.0005 * ((block * (at + 3)) % 7) } }),
    ),
  )
  const findings = analyse(own.plan, trials, 2)
  const [knob] = judgeKnobs(own, { trials, findings }, () => 0.03).knobs
  expect([knob?.answer, knob?.metric]).toEqual(['no difference', 'throughput'])
})

test('a default that is fast by chance moves every knob by half: its twin is the other half of the base', () => {
  const found = judged({ default: tenAt('default', 0.4) })
  const { effects } = found.knobs.find(({ knob }) => knob === 'pooling') ?? {}
  const effect = effects?.find(({ metric }) => metric === 'cpuPerRequest')
  expect(effect?.ratio.center).toBeCloseTo(Math.sqrt(0.5 / 0.4), 2)
  expect(found.twin?.answer).toBe('hurts')
})

test('pairs that scatter do not decide', () => {
  const scattered = Array.from({ length: 10 }, (_, block) =>
    measurement({
      ...{ arm: 'pooling=off', block },
      cpu: { target: block % 2 === 0 ? 0.4 : 0.63 },
    }),
  )
  expect(answersOf(judged({ 'pooling=off': scattered }))['pooling=off']).toMatch(/^inconclusive/)
})
