import { expect, test } from 'vitest'
import { expand, type Overrides } from '../../../src/plan/expand.ts'
import { checkOf } from '../../../src/plan/load/check.ts'
import {
  pauseSeconds,
  peakRate,
  peakStages,
  withoutPauses,
} from '../../../src/plan/load/compared-visits.ts'
import { journeysField } from '../../../src/plan/load/journeys.ts'
import type { Stage } from '../../../src/plan/load/load-plan.ts'
import { loadField } from '../../../src/plan/load/stages.ts'
import { plan as planSchema } from '../../../src/plan/plan.ts'
import type { Scenario } from '../../../src/plan/scenario.ts'

const registry = {
  algorithms: [{ name: 'round-robin' }],
  targets: [
    { name: 'reference', algorithms: ['round-robin'] },
    { name: 'direct', algorithms: [] },
  ],
  control: 'direct',
}

const journeys = journeysField.parse([
  {
    name: 'browse',
    weight: 8,
    steps: [
      {
        ...{ get: '/products?page={{page}}', name: 'list' },
        checks: ['status is 200', 'time < 100ms', 'json /items/0 exists', 'header x-a is 1'],
        capture: { id: 'json /items/0/id', token: 'header x-token', n: 'regex /n=(\\d+)/' },
      },
      { pause: 'exponential 2s' },
      { post: '/cart', headers: { 'x-token': '{{token}}' }, json: { id: '{{id}}' } },
      { pause: '0.5s to 1.5s' },
      { post: '/pay', form: { id: '{{id}}' } },
    ],
  },
  { name: 'search', steps: [{ get: '/search' }, { pause: '0.1s' }] },
])

const stages = loadField.parse({
  stages: [
    { name: 'up', for: '1m', to: '100/s' },
    { name: 'hold', for: '5m', at: '100/s' },
    { name: 'users', for: '1m', at: '30 users' },
  ],
}) as { stages: Stage[]; spacing: 'poisson' }

const scenario: Scenario = {
  ...{ name: 'shop', question: 'Why?', algorithms: ['round-robin'], targets: ['reference'] },
  ...{ cores: [1], connections: 40, warmup: { least: 1, most: 2 }, duration: 5, trials: 3 },
  ...{ timeout: 10, phase: 'both', arrivals: 'poisson', control: true },
  request: { method: 'GET', path: '/', bodyBytes: 0 },
  backends: [
    {
      ...{ weight: 1, serviceTime: { kind: 'none' }, responseBytes: 128 },
      ...{ concurrency: 0, errorRate: 0 },
    },
  ],
  journeys,
  data: { words: { file: '/tmp/words.csv', order: 'random' } },
}

const planOf = (differs: Partial<Scenario> = {}, overrides: Overrides = {}) =>
  expand({ scenario: { ...scenario, ...differs }, overrides, registry, seed: 1 })

const refusal = (message: RegExp, hint: RegExp) =>
  expect.objectContaining({
    exitCode: 2,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  })

test('journeys are part of the plan of a comparison, as they are sent, and survive its file', () => {
  const plan = planOf()
  expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
  expect(plan.visits?.journeys.map(({ name, weight }) => [name, weight])).toEqual([
    ['browse', 8],
    ['search', 1],
  ])
  expect(plan.visits?.journeys[0]?.steps[0]).toMatchObject({
    ...{ kind: 'request', method: 'GET', url: '/products?page={{page}}', name: 'list' },
    captures: { id: { kind: 'json', pointer: '/items/0/id' } },
  })
  expect(plan.visits?.data).toEqual({
    words: { file: '/tmp/words.csv', format: 'csv', order: 'random' },
  })
  expect(planOf({ journeys: undefined }).visits).toBeUndefined()
})

test('the rate is that of the file or the flag, otherwise the highest of its stages', () => {
  expect(planOf().arrivals.rate).toBeUndefined()
  expect(planOf({ load: stages }).arrivals.rate).toBe(100)
  expect(planOf({ load: stages, rate: 20 }).arrivals.rate).toBe(20)
  expect(planOf({ load: stages, rate: 20 }, { rate: 30 }).arrivals.rate).toBe(30)
  expect(peakRate([])).toBeUndefined()
  expect(peakStages(stages.stages)).toEqual(['hold'])
})

test('the warm-up is no shorter than the pauses of a visit, unless a flag sets it', () => {
  expect(pauseSeconds({ journeys: planOf().visits?.journeys ?? [] })).toBe(3)
  expect(planOf().warmup).toEqual({ least: 3, most: 3 })
  expect(planOf({ warmup: { least: 5, most: 9 } }).warmup).toEqual({ least: 5, most: 9 })
  expect(planOf({}, { warmup: 0.5 }).warmup).toEqual({ least: 0.5, most: 1 })
  const { journeys: all } = withoutPauses({ journeys: planOf().visits?.journeys ?? [] })
  expect(all.map(({ steps }) => steps.map(({ kind }) => kind))).toEqual([
    ['request', 'request', 'request'],
    ['request'],
  ])
})

test('thresholds hold at the rate that is measured, so that they name no other stage', () => {
  const thresholds = ['p99 < 100ms @ hold', 'p95 of list < 50ms', 'checks > 99%']
  expect(planOf({ load: stages, thresholds }).thresholds).toEqual([
    ...['p99 < 100ms', 'p95 of list < 50ms', 'checks > 99%'],
  ])
  const refused = (text: string, differs: Partial<Scenario> = {}) =>
    expect(() => planOf({ load: stages, thresholds: [text], ...differs }))
  refused('p99 < 1ms @ up').toThrow(refusal(/column 13.*the stage "up" is possible/, /lb load/))
  refused('errors < 1% over 5s').toThrow(refusal(/a window is possible/, /lb load/))
  refused('p99 < 1ms !').toThrow(refusal(/"!" is possible/, /leave it out/))
  refused('p99 of lost < 1ms').toThrow(refusal(/lost/, /list/))
  refused('p99 < 1ms', { phase: 'capacity' }).toThrow(refusal(/hold at a rate/, /--phase latency/))
  // Without journeys each arrival is the request.
  expect(planOf({ journeys: undefined, thresholds: ['p99 < 9ms'] }).thresholds).toEqual([
    'p99 < 9ms',
  ])
})

test('what a comparison cannot send is refused before the run', () => {
  const get = (url: string) => journeysField.parse([{ name: 'one', steps: [{ get: url }] }])
  const refused = (differs: Partial<Scenario>, overrides: Overrides = {}) =>
    expect(() => planOf(differs, overrides))
  refused({ journeys: journeysField.parse([{ name: 'mine', run: './mine.ts' }]) }).toThrow(
    refusal(/journey "mine" is code/, /steps/),
  )
  refused({ journeys: get('http://other.test/') }).toThrow(
    refusal(/does not go to the target/, /path/),
  )
  refused({ journeys: journeysField.parse([{ name: 'idle', steps: [{ pause: '1s' }] }]) }).toThrow(
    refusal(/journey "idle" has no request/, /get/),
  )
  refused({ driver: 'lean' }).toThrow(refusal(/driver lean does not send/, /omit --driver/))
  refused({ witness: 'wrk' }).toThrow(refusal(/witness wrk does not send/, /omit --witness/))
  expect(planOf({}, { request: { path: '/' } }).visits).toBeDefined()
  refused({}, { request: { path: '/x' } }).toThrow(refusal(/flags of the request/, /--path/))
})

test('each kind of check is one that the schema of a plan knows', () => {
  for (const text of [
    ...['status is 2xx', 'status >= 200', 'time < 5ms', 'body contains a', 'body matches /a/'],
    ...['header x-a exists', 'json /a is not 7', 'json "" exists'],
  ]) {
    const [first] = journeysField.parse([{ name: 'one', steps: [{ get: '/', checks: [text] }] }])
    const own = planOf({ journeys: first === undefined ? [] : [first] })
    expect(planSchema.parse(own).visits?.journeys[0]?.steps[0]).toMatchObject({
      checks: [checkOf(text)],
    })
  }
})
