import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ScriptDescription, scriptPlan } from '../../src/k6/script-plan.ts'
import { loadThreshold } from '../../src/plan/thresholds/load-threshold.ts'
import { describeScript, scriptsFolder } from './run-script.ts'

const script = (options: object, about: Partial<ScriptDescription> = {}): ScriptDescription => ({
  file: '/s.js',
  text: 'export const options = {\n  thresholds: {\n    bad: [] } }',
  options: options as ScriptDescription['options'],
  functions: ['default'],
  env: {},
  metrics: {},
  ...about,
})

const planOf = async (name: string, timeScale = 1) =>
  scriptPlan(await describeScript(join(scriptsFolder, name)), timeScale)

const stagesOf = (options: object, functions = ['default']) =>
  scriptPlan(script(options, { functions })).stages.map(
    ({ name, seconds, model, from, to }) => `${name}: ${seconds} s ${model} ${from} → ${to}`,
  )

test("the guide's script: ramp, hold, ramp, and both thresholds", async () => {
  const plan = await planOf('guide.js')
  expect(plan.stages).toEqual([
    { name: 'ramp up', seconds: 60, model: 'closed', from: 1, to: 100 },
    { name: 'hold', seconds: 180, model: 'closed', from: 100, to: 100 },
    { name: 'ramp down', seconds: 60, model: 'closed', from: 100, to: 0 },
  ])
  expect(plan.thresholds).toEqual(['p95 < 200ms', 'errors < 1%'])
  expect(plan.notes).toEqual([])
  expect(plan.visits).toBeUndefined()
})

test('--time-scale cuts all durations', async () => {
  const { stages } = await planOf('guide.js', 0.05)
  expect(stages.map(({ seconds }) => seconds)).toEqual([3, 9, 3])
})

test('without options a script runs once', () => {
  expect(scriptPlan(script({})).visits).toEqual({ count: 1, of: 'all' })
})

test.for([
  [{ vus: 5, duration: '1m30s' }, ['hold: 90 s closed 5 → 5']],
  [{ vus: 5, duration: 2000 }, ['hold: 2 s closed 5 → 5']],
  [
    {
      scenarios: {
        a: { executor: 'constant-arrival-rate', rate: 60, timeUnit: '1m', duration: '10s' },
      },
    },
    ['hold: 10 s open 1 → 1'],
  ],
  [
    { scenarios: { a: { executor: 'ramping-vus', stages: [{ duration: '5s', target: 3 }] } } },
    ['ramp up: 5 s closed 1 → 3'],
  ],
] as const)('%j', ([options, stages]) => {
  expect(stagesOf(options)).toEqual(stages)
})

test('a stage of 0 s is a jump', async () => {
  const { stages } = await planOf('stages-rate.js')
  expect(stages.map(({ seconds, from, to }) => [seconds, from, to])).toEqual([
    [10, 1.666666667, 1.666666667],
    [20, 10, 10],
  ])
})

test('scenarios at the same time add up, and one after the other are stages of their own', async () => {
  expect((await planOf('scenarios.js')).stages).toEqual([
    { name: 'ramp up', seconds: 30, model: 'open', from: 3, to: 5 },
  ])
  const inTurn = (await planOf('scenarios-in-turn.js')).stages
  expect(inTurn.map(({ name, seconds, from, to }) => [name, seconds, from, to])).toEqual([
    ['hold', 10, 2, 2],
    ['ramp up', 5, 0, 4],
    ['ramp down', 5, 4, 0],
  ])
})

test('iterations are a number of visits', async () => {
  expect((await planOf('per-vu-iterations.js')).visits).toEqual({ count: 20, of: 'each' })
  expect((await planOf('shared-array-loop.js')).visits).toEqual({ count: 4, of: 'all' })
})

test('settings of requests are taken, and other options are named in a line each', async () => {
  const { settings, notes } = await planOf('options-all.js')
  expect(settings).toMatchObject({ maxRedirects: 0, userAgent: 'MyK6UserAgentString/1.0' })
  expect(notes).toEqual([
    "k6's option noConnectionReuse has no effect: lb does not have it",
    "k6's option summaryTrendStats has no effect: reports have their own percentiles",
    "k6's option tags has no effect: figures are grouped by step and stage",
  ])
})

test('fields of scenarios are taken, or named in a line each', async () => {
  const { scenarios, notes } = await planOf('scenario-env.js')
  expect(scenarios[0]?.env).toEqual({ PAGE: 'list', NUMBER: '3' })
  expect(notes).toEqual([
    'options.scenarios.list.tags has no effect: figures are grouped by step and stage',
  ])
})

test.for([
  ['http_req_duration', 'p(99.9) <= 1500', 'p99.9 <= 1500ms'],
  ['http_req_duration', 'med<100', 'median < 100ms'],
  ['http_req_duration{name:GET /items}', 'p(95)<50', 'p95 of "GET /items" < 50ms'],
  ['http_req_duration{expected_response:true}', 'avg<50', 'mean < 50ms'],
  ['http_req_failed', 'rate<0.07', 'errors < 7%'],
  ['checks', 'rate>0.999', 'checks > 99.9%'],
  ['http_reqs', 'count>100', 'requests > 100'],
  ['iterations', 'rate>10', 'rate > 10'],
] as const)('threshold %s %s', ([metric, expression, translated]) => {
  const metrics = { waiting: 'trend', refused: 'rate', orders: 'counter', size: 'gauge' } as const
  const thresholds = (one: unknown) =>
    scriptPlan(script({ thresholds: { [metric]: [one] } }, { metrics })).thresholds
  expect(thresholds(expression)).toEqual([translated])
  expect(thresholds({ threshold: expression, abortOnFail: true })).toEqual([`${translated} !`])
})

/** Thresholds that have values of their own: of the script, or counted for them by their tags. */
test.for([
  ['waiting', 'p(95)<500', 'p95 of "waiting" < 500', undefined],
  ['refused', 'rate<0.1', 'rate of "refused" < 10%', undefined],
  ['orders', 'count>=3', 'count of "orders" >= 3', undefined],
  ['orders', 'rate>2', 'rate of "orders" > 2/s', undefined],
  ['size', 'value<9', 'value of "size" < 9', undefined],
  [
    'http_req_duration{group:::shop::cart}',
    'p(95)<1',
    'p95 of "http_req_duration{group:::shop::cart}" < 1',
    { metric: 'http_req_duration', kind: 'trend', tags: { group: '::shop::cart' } },
  ],
  [
    'http_req_duration{url:http://shop.test/post}',
    'max<1000',
    'max of "http_req_duration{url:http://shop.test/post}" < 1000',
    { metric: 'http_req_duration', kind: 'trend', tags: { url: 'http://shop.test/post' } },
  ],
  [
    'http_reqs{expected_response:true}',
    'rate>10',
    'rate of "http_reqs{expected_response:true}" > 10/s',
    { metric: 'http_reqs', kind: 'counter', tags: { expected_response: 'true' } },
  ],
  [
    'http_reqs',
    'rate>10',
    'rate of "http_reqs" > 10/s',
    { metric: 'http_reqs', kind: 'counter', tags: {} },
  ],
  [
    'checks{part:a,of:b}',
    'rate>0.9',
    'rate of "checks{part:a,of:b}" > 90%',
    { metric: 'checks', kind: 'rate', tags: { part: 'a', of: 'b' } },
  ],
  [
    'waiting{part:a}',
    'avg<5',
    'mean of "waiting{part:a}" < 5',
    { metric: 'waiting', kind: 'trend', tags: { part: 'a' } },
  ],
  [
    'iteration_duration',
    'p(90)<2000',
    'p90 of "iteration_duration" < 2000',
    { metric: 'iteration_duration', kind: 'trend', tags: {} },
  ],
] as const)('threshold %s %s is on values of its own', ([metric, expression, text, selector]) => {
  const metrics = { waiting: 'trend', refused: 'rate', orders: 'counter', size: 'gauge' } as const
  const plan = scriptPlan(
    script(
      { thresholds: { [metric]: [expression, { threshold: expression, abortOnFail: true }] } },
      { metrics },
    ),
  )
  expect(plan.thresholds).toEqual([text, text])
  expect(plan.selectors).toEqual(selector === undefined ? [] : [{ ...selector, name: metric }])
  expect(plan.notes).toEqual([expect.stringMatching(/abortOnFail has no effect on/)])
  // It is one of the grammar, and names no step.
  expect(plan.steps).toEqual([])
  const { quantity } = loadThreshold({ text, source: '' }, { ...plan, steps: [] })
  expect(quantity).toBeDefined()
})

test.for([
  [
    { thresholds: { bad: ['p(95)<1'] } },
    '/s.js, line 3: threshold "p(95)<1" of bad has no counterpart',
  ],
  [{ thresholds: { http_req_failed: ['rate=1'] } }, 'cannot be read'],
  [{ thresholds: { 'http_req_duration{group}': ['p(95)<1'] } }, 'no counterpart'],
  [{ thresholds: { data_received: ['count<1'] } }, 'no counterpart'],
  [{ stages: [{ duration: 'soon', target: 1 }] }, 'stages[0].duration is "soon"'],
  [{ stages: [{ duration: '1s', target: -1 }] }, 'stages[0].target is -1'],
  [
    { scenarios: { a: { executor: 'externally-controlled' } } },
    'executor is "externally-controlled"',
  ],
  [
    { scenarios: { a: { executor: 'constant-vus', duration: '1s', exec: 'buy' } } },
    'exec is "buy"',
  ],
  [
    {
      scenarios: {
        a: { executor: 'constant-vus', duration: '1s' },
        b: { executor: 'constant-arrival-rate', rate: 1, duration: '1s' },
      },
    },
    'scenarios a and b run at the same time',
  ],
  [
    {
      scenarios: {
        a: { executor: 'constant-vus', duration: '1s' },
        b: { executor: 'per-vu-iterations' },
      },
    },
    'scenario a ends by time, and others by their iterations',
  ],
] as const)('options that cannot be run are refused: %j', ([options, message]) => {
  expect(() => scriptPlan(script(options))).toThrow(message)
})
