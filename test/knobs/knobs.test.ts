import { expect, test } from 'vitest'
import { checkConfig } from '../../src/balancer/config/config.ts'
import { pathIn } from '../../src/kit/path-in.ts'
import { chooseKnobs } from '../../src/knobs/choose-knobs.ts'
import { knobs } from '../../src/knobs/index.ts'
import { type TunePlan, tunePlan } from '../../src/knobs/tune-plan.ts'
import { aaPlan } from '../../src/plan/aa-plan.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { timeOf } from '../../src/plan/plan-time.ts'
import { findTarget } from '../../src/targets/find-target.ts'
import { sampleOptions } from '../../src/targets/sample-options.ts'

function planOf(target: string, only?: readonly string[], maxSeconds = 100_000): TunePlan {
  const base = aaPlan({ blocks: 1, duration: 0.6, warmup: 0.5, seed: 1 })
  const arm = { name: 'a', target, algorithm: 'round-robin', cores: 1 }
  const chosen = chooseKnobs(target, only)
  return tunePlan({ base: { ...base, arms: [arm] }, chosen, maxSeconds })
}

const flat = (text: string) => text.replaceAll(/\s+/g, ' ')

/** Every knob of a target with each name that it accepts, or with its alternatives; among algorithms some are the same with equal weights. */
const everyValue = (target: string) =>
  knobs.flatMap(({ name, settings }) => {
    const accepts = settings[target]?.accepts
    if (accepts === undefined) return []
    return ['names' in accepts && name !== 'algorithm' ? `${name}=all` : name]
  })

test.for([
  { target: 'reference', least: 14 },
  { target: 'nginx', least: 6 },
  { target: 'haproxy', least: 6 },
  { target: 'caddy', least: 6 },
])('$target has at least $least knobs, each with advice and a source', ({ target, least }) => {
  const own = knobs.filter(({ settings }) => target in settings)
  expect(own.length).toBeGreaterThanOrEqual(least)
  for (const { advice, source } of own) expect([advice, source]).not.toContain('')
})

test.for(['nginx', 'haproxy', 'caddy'])(
  'every knob of %s changes the configuration, which shows what is read back',
  (target) => {
    const { plan, values } = planOf(target, everyValue(target))
    const textOf = (name: string) => {
      const arm = plan.arms.find((one) => one.name === name)
      if (arm === undefined) throw new Error(name)
      return findTarget(target).configuration?.(sampleOptions(arm, plan)) ?? ''
    }
    const own = textOf('default')
    expect(textOf('twin')).toBe(own)
    for (const { arm, setting, value } of values) {
      const { readBack, arm: changed } = setting.turn(value)
      const lines = readBack.filter(({ from }) => from === 'configuration')
      const isInText = setting.turn(value).edits !== undefined || changed?.algorithm !== undefined
      expect([arm, textOf(arm) === own]).toEqual([arm, !isInText && changed?.cores === undefined])
      for (const { what, is } of lines) {
        const text = flat(textOf(arm).replaceAll(/#.*$/gm, ''))
        expect([arm, what, text.includes(flat(what))]).toEqual([arm, what, is === 'present'])
        expect([arm, what, flat(own).includes(flat(what))]).toEqual([arm, what, is === 'absent'])
      }
    }
  },
)

test('every knob of the reference balancer gives a valid configuration, with the fields that are read back', () => {
  const { plan, values } = planOf('reference', everyValue('reference'))
  const settingsOf = (name: string) => {
    const arm = plan.arms.find((one) => one.name === name)
    if (arm === undefined) throw new Error(name)
    const text = findTarget('reference').configuration?.(sampleOptions(arm, plan)) ?? ''
    return checkConfig(JSON.parse(text))
  }
  const own = settingsOf('default')
  for (const { arm, setting, value } of values) {
    const settings = settingsOf(arm)
    for (const { from, what, is } of setting.turn(value).readBack) {
      if (from === 'protocol' || from === 'backend-protocol') continue
      const path = from === 'workers' ? `memory.${what}` : what
      const now = JSON.stringify(pathIn(settings, path) ?? null)
      expect([arm, what, is === 'present' ? now !== 'null' : now === is]).toEqual([arm, what, true])
      expect([arm, JSON.stringify(pathIn(own, path) ?? null) !== now]).toEqual([arm, true])
    }
  }
  expect(settingsOf('http2-backends=h2').backends[0]?.url).toMatch(/^h2c:\/\//)
  expect(own.backends[0]?.url).toMatch(/^http:\/\//)
  expect(settingsOf('limiter=one-shard').rateLimit).toMatchObject({ shards: 1, shared: true })
  // A knob replaces one field of a group: the others keep their values.
  expect(settingsOf('pool-idle=60').timeouts).toEqual({ ...own.timeouts, pool: 60 })
})

test('the default and its twin are in every block, and each value beside them', () => {
  const { plan } = planOf('reference', ['pooling', 'http2'])
  expect(plan.arms.map(({ name }) => name)).toEqual([
    ...['default', 'twin', 'pooling=off', 'http2-clients=h2'],
  ])
  expect(plan.trials.length).toBe(plan.blocks * 4)
  const first = plan.trials.filter(({ block }) => block === 0).map(({ arm }) => arm)
  expect(first.toSorted()).toEqual(plan.arms.map(({ name }) => name).toSorted())
})

test('the maximum time leaves out knobs from the end of the list, and says which', () => {
  const all = planOf('reference')
  const short = planOf('reference', undefined, timeOf({ ...all.plan, stop: undefined }).most / 2)
  const kept = short.values.map(({ arm }) => arm)
  expect(kept).toEqual(all.values.slice(0, kept.length).map(({ arm }) => arm))
  expect(kept.length).toBeLessThan(all.values.length)
  const cut = short.skipped.filter(({ reason }) => reason === 'time').map(({ knob }) => knob)
  expect(cut).toEqual([...new Set(all.values.slice(kept.length).map(({ knob }) => knob.name))])
  expect(() => planOf('reference', undefined, 1)).toThrow(/more than the maximum time of 1 s/)
})

test.for([
  { target: 'reference', only: ['poling'], error: /unknown knob "poling"/ },
  { target: 'reference', only: ['pool-size=0'], error: /does not accept/ },
  { target: 'reference', only: ['pool-size=-1'], error: /does not accept/ },
  { target: 'reference', only: ['young-generation=x'], error: /does not accept/ },
  { target: 'reference', only: ['pooling=maybe'], error: /does not accept/ },
  { target: 'reference', only: ['pool-size=512'], error: /is the default/ },
  { target: 'reference', only: ['pool-size=all'], error: /does not accept/ },
  { target: 'nginx', only: ['old-space'], error: /cannot be measured/ },
  { target: 'envoy', only: undefined, error: /has no knobs/ },
])('--only $only for $target: $error', ({ target, only, error }) => {
  expect(() => chooseKnobs(target, only)).toThrow(error)
})

test('a knob that the target lacks is skipped with a reason', () => {
  const { values, skipped } = chooseKnobs('nginx', ['pooling', 'old-space', 'gogc', 'pooling'])
  expect(values.map(({ knob }) => knob.name)).toEqual(['pooling'])
  expect(skipped).toEqual([
    { knob: 'old-space', reason: 'target-lacks' },
    { knob: 'young-generation', reason: 'target-lacks' },
  ])
  expect(chooseKnobs('nginx', undefined).skipped).toContainEqual({
    knob: 'http2-backends',
    reason: 'target-lacks',
  })
})

test('all stands for every name that a knob accepts', () => {
  const { values } = chooseKnobs('reference', ['limiter=all'])
  expect(values.map(({ value }) => value)).toEqual(['on', 'one-shard', 'per-worker'])
})

test('on several workers the default has them, and one worker is the alternative', () => {
  const { values } = chooseKnobs('reference', ['workers'], 2)
  expect(values.map(({ setting, value }) => [setting.default, value])).toEqual([['2', '1']])
  expect(() => chooseKnobs('reference', ['workers=2'], 2)).toThrow(/is the default/)
})

test('all knobs of the reference balancer fit into 15 minutes', () => {
  const one = aaPlan({ blocks: 1, duration: 0.6, warmup: 0.5, seed: 1 })
  const arms = [{ name: 'a', target: 'reference', algorithm: 'round-robin', cores: 1 }]
  const base: Plan = { ...one, arms, phases: ['capacity', 'latency'] }
  const { skipped } = tunePlan({
    base,
    chosen: chooseKnobs('reference', undefined),
    maxSeconds: 900,
  })
  expect(skipped.filter(({ reason }) => reason === 'time')).toEqual([])
})

test('an unknown knob is answered with the most similar one', () => {
  expect(() => chooseKnobs('reference', ['polling'])).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/^did you mean pooling\?/) }),
  )
})
