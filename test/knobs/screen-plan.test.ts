import { expect, test } from 'vitest'
import { screened } from '../../src/app/screened.ts'
import { chooseKnobs } from '../../src/knobs/choose-knobs.ts'
import { screenPlan } from '../../src/knobs/screen-plan.ts'
import { aaPlan } from '../../src/plan/aa-plan.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { findTarget } from '../../src/targets/find-target.ts'
import { sampleOptions } from '../../src/targets/sample-options.ts'
import { measuredResult } from '../support/results/measured-result.ts'

function optionsFor(target: string, only?: readonly string[]) {
  const base = aaPlan({ blocks: 1, duration: 0.6, warmup: 0.5, seed: 1 })
  const arm = { name: 'a', target, algorithm: 'round-robin', cores: 1 }
  const chosen = chooseKnobs(target, only)
  return { base: { ...base, arms: [arm] }, chosen, maxSeconds: 900, blocks: 6 }
}

test.for(['reference', 'nginx', 'haproxy', 'caddy'])(
  'a screen of %s: 12 runs of up to eleven knobs, all of which can be turned at once',
  (target) => {
    const { plan, factors } = screenPlan(optionsFor(target))
    expect(factors.length).toBeGreaterThan(5)
    expect(factors.length).toBeLessThanOrEqual(11)
    expect([plan.arms.length, plan.trials.length]).toEqual([12, 36])
    expect(plan.arms[11]?.turns).toEqual([])
    for (const arm of plan.arms) {
      const text = findTarget(target).configuration?.(sampleOptions(arm, plan)) ?? ''
      expect(text.length).toBeGreaterThan(0)
      for (const { readBack } of arm.turns ?? []) {
        const lines = readBack.filter(
          ({ from, is }) => from === 'configuration' && is === 'present',
        )
        for (const { what } of lines) {
          expect(text.replaceAll(/\s+/g, ' ')).toContain(what.replaceAll(/\s+/g, ' '))
        }
      }
    }
  },
)

test('texts of one knob are not put into those of another', () => {
  const { plan } = screenPlan(optionsFor('haproxy'))
  const both = plan.arms.filter(({ turns = [] }) => {
    const names = turns.map(({ knob }) => knob)
    return names.includes('access-log') && names.includes('read-buffer')
  })
  expect(both.length).toBeGreaterThan(0)
  for (const arm of both) {
    const text = findTarget('haproxy').configuration?.(sampleOptions(arm, plan)) ?? ''
    expect(text.match(/tune\.bufsize/g)).toHaveLength(1)
  }
})

test('a knob that changes the same thing as an earlier one is left out, with the reason', () => {
  const { factors, skipped } = screenPlan(optionsFor('reference'))
  expect(factors.map(({ knob }) => knob.name)).toContain('pooling')
  expect(skipped).toContainEqual({ knob: 'pool-size', reason: 'clashes' })
  expect(skipped.some(({ reason }) => reason === 'screen-full')).toBe(true)
  expect(() => screenPlan({ ...optionsFor('reference'), maxSeconds: 5 })).toThrow(/a screen takes/)
})

const only = ['pooling', 'young-generation', 'limiter', 'retries']

/** Runs plans whose arms cost what their knobs do, of which two have an effect. */
function simulated(plan: Plan) {
  const cost: Readonly<Record<string, number>> = { pooling: 1.3, 'young-generation': 0.9 }
  const behaviours = plan.arms.map(({ name, turns = [] }) => {
    const factor = turns.reduce((product, { knob }) => product * (cost[knob] ?? 1), 1)
    return [name, { throughput: 10_000 / factor, cpu: factor * 65e-6 }] as const
  })
  return measuredResult(plan, { behaviours: Object.fromEntries(behaviours) })
}

test('what moved is confirmed in pairs, and every two at once', async () => {
  const options = optionsFor('reference', only)
  const plans: Plan[] = []
  const { tune } = await screened(screenPlan(options), options, {
    margin: () => 0.03,
    run: async (plan) => {
      plans.push(plan)
      return simulated(plan)
    },
    isOver: () => false,
  })
  expect(plans.length).toBe(2)
  expect(tune?.screen?.effects.filter(({ isKept }) => isKept).map(({ knob }) => knob)).toEqual([
    ...['pooling', 'young-generation'],
  ])
  expect(tune?.knobs.map(({ arm, answer }) => [arm, answer])).toEqual([
    ['pooling=off', 'hurts'],
    ['young-generation=32', 'helps'],
  ])
  expect(tune?.twin?.answer).toBe('no difference')
  expect(tune?.interactions).toMatchObject([
    { arm: 'pooling=off + young-generation=32', outcome: 'same' },
  ])
  expect(tune?.skipped).toContainEqual({ knob: 'retries', reason: 'not-moved' })
})

test('a screen that finds nothing, or was interrupted, ends there', async () => {
  const options = optionsFor('reference', ['access-log', 'read-buffer', 'limiter'])
  const margin = () => 0.03
  const run = async (plan: Plan) => simulated(plan)
  const nothing = await screened(screenPlan(options), options, { margin, run, isOver: () => false })
  expect(nothing.tune).toMatchObject({ knobs: [], screen: { blocks: 3 } })
  const both = optionsFor('reference', only)
  const cut = await screened(screenPlan(both), both, {
    ...{ margin, isOver: () => true },
    run: async (plan) => ({ ...simulated(plan), trials: [] }),
  })
  expect(cut.tune).toMatchObject({ knobs: [], screen: { blocks: 0 } })
})
