import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { k6Journey } from '../../src/k6/k6-journey.ts'
import { scriptPlan } from '../../src/k6/script-plan.ts'
import { MistakesError } from '../../src/kit/errors.ts'
import { fakeClient } from './fake-client.ts'
import { describeScript, runOnce, scriptsFolder } from './run-script.ts'

/** Requests, passed checks and failed checks of one iteration of each script. */
const runs: Record<string, readonly [requests: number, passed: number, failed: number]> = {
  'all-methods.js': [7, 0, 0],
  'async-function.js': [3, 2, 0],
  'basic-auth.js': [2, 2, 0],
  'batch-array.js': [3, 1, 0],
  'batch-object.js': [2, 2, 0],
  'bearer-token.js': [2, 2, 0],
  'binary-body.js': [2, 2, 0],
  'callback-argument.js': [3, 1, 0],
  'classes.js': [2, 1, 0],
  'control-flow.js': [9, 0, 0],
  'cookies.js': [2, 3, 0],
  'crypto.js': [1, 2, 0],
  'custom-metrics.js': [1, 0, 0],
  'default-elsewhere.js': [1, 0, 0],
  'environment.js': [1, 0, 0],
  'for-each.js': [3, 3, 0],
  'form-post.js': [1, 1, 0],
  'groups.js': [3, 1, 0],
  'guide.js': [1, 2, 0],
  'helpers.js': [5, 1, 0],
  'higher-order.js': [2, 0, 0],
  'map-responses.js': [3, 2, 0],
  'multipart.js': [1, 1, 0],
  'no-semicolons.js': [3, 1, 0],
  'object-of-functions.js': [3, 0, 0],
  'options-all.js': [1, 0, 0],
  'own-jar.js': [1, 1, 0],
  'own-property.js': [1, 1, 0],
  'per-vu-iterations.js': [1, 0, 0],
  'post-json.js': [1, 3, 0],
  'redirects.js': [3, 2, 0],
  'redirects-away.js': [2, 2, 0],
  'reduce.js': [8, 2, 0],
  'response-callback.js': [4, 0, 0],
  'response-checks.js': [2, 4, 1],
  'scenario-env.js': [1, 0, 0],
  'scenarios.js': [1, 0, 0],
  'scenarios-in-turn.js': [1, 0, 0],
  'setup-teardown.js': [1, 1, 0],
  'shared-array.js': [1, 0, 0],
  'shared-array-loop.js': [2, 0, 0],
  'single-request.js': [1, 0, 0],
  'stages-rate.js': [1, 0, 0],
  'tagged-thresholds.js': [4, 1, 0],
  'thresholds.js': [1, 1, 0],
  'try-catch.js': [2, 1, 0],
  'url-names.js': [9, 0, 0],
  'weighted-choice.js': [1, 0, 0],
}

/** The line of each script that cannot be run, and a part of the reason. */
const refused: Record<string, readonly [line: number, reason: string]> = {
  'browser.js': [1, 'browser'],
  'constructor.js': [5, 'constructor cannot wait'],
  'extension.js': [1, 'programs in Go'],
  'generator.js': [5, 'generator cannot wait'],
  'getter.js': [5, 'getter or setter cannot wait'],
  'grpc.js': [1, 'gRPC'],
  'html.js': [5, 'HTML is not parsed'],
  'init-request.js': [3, 'while the script is loaded'],
  'remote.js': [2, 'from the network'],
  'sort.js': [5, 'sort() calls its function synchronously'],
  'timers.js': [4, 'setTimeout() calls its function synchronously'],
  'websocket.js': [2, 'WebSocket'],
}

const scriptsIn = (folder: string) =>
  readdirSync(join(scriptsFolder, folder)).filter((name) => name.endsWith('.js'))

test('the corpus is whole: each script is expected to run or to be refused', () => {
  const aborts = ['abort.js']
  expect(scriptsIn('.').toSorted()).toEqual([...Object.keys(runs), ...aborts].toSorted())
  expect(scriptsIn('refused').toSorted()).toEqual(Object.keys(refused).toSorted())
  const share = Object.keys(runs).length / (Object.keys(runs).length + Object.keys(refused).length)
  expect(share).toBeGreaterThan(0.7)
})

test.for(Object.entries(runs))('%s runs', async ([name, [requests, passed, failed]]) => {
  const data = name === 'setup-teardown.js' ? '{"count":2}' : undefined
  const client = await runOnce(join(scriptsFolder, name), data === undefined ? {} : { data })
  expect(client.sent).toHaveLength(requests)
  expect(client.checks.filter((check) => check.passed)).toHaveLength(passed)
  expect(client.checks.filter((check) => !check.passed)).toHaveLength(failed)
})

test.for(Object.entries(refused))('%s is refused by its line', async ([name, [line, reason]]) => {
  const file = join(scriptsFolder, 'refused', name)
  const error = await describeScript(file).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(MistakesError)
  const { message, others } = error as MistakesError
  expect(message).toMatch(`${file}, line ${line}: `)
  expect(message).toContain(reason)
  expect(others).toEqual([])
})

test('a script that ends the load does so at that line', async () => {
  const client = fakeClient()
  const run = runOnce(join(scriptsFolder, 'abort.js'), { client })
  await expect(run).rejects.toThrow('abort.js, line 6: the shop is closed')
  expect(client.ended).toEqual(['the shop is closed'])
})

test('requests are named by the template of their URL, never by the filled-in path', async () => {
  const { sent } = await runOnce(join(scriptsFolder, 'url-names.js'))
  expect([...new Set(sent.map(({ name }) => name))]).toEqual([
    'GET /posts/{}',
    'GET /users/{}/cart',
    'any',
  ])
})

test('statuses that a script expects are no failures, and others are', async () => {
  const { sent } = await runOnce(join(scriptsFolder, 'response-callback.js'))
  const failed = sent.map(({ isFailure = (status) => status >= 400 }) =>
    [200, 302, 404, 500].filter(isFailure),
  )
  expect(failed).toEqual([[302, 500], [200, 302, 500], [], [200, 302, 404]])
})

test('a scenario has its own values of __ENV, beside those of the script', async () => {
  const file = join(scriptsFolder, 'scenario-env.js')
  const { sent } = await runOnce(file, { env: { HOST: 'shop.test', PAGE: 'none' } })
  expect(sent.map(({ url }) => url)).toEqual(['http://shop.test/list/3'])
})

test('thresholds with tags have the values that have these tags, and no others', async () => {
  const file = join(scriptsFolder, 'tagged-thresholds.js')
  const { metrics } = await runOnce(file)
  const valuesOf = (name: string) =>
    metrics.filter((one) => one.name === name).map(({ kind, value }) => [kind, value])
  expect(valuesOf('http_req_duration{asset:yes}')).toEqual([
    ['trend', 12],
    ['trend', 12],
  ])
  expect(valuesOf('http_req_duration{group:::page::assets}')).toHaveLength(2)
  expect(valuesOf('http_reqs{expected_response:true}')).toHaveLength(3)
  expect(valuesOf('http_req_failed{status:404}')).toEqual([['rate', 1]])
  expect(valuesOf('checks{part:assets}')).toEqual([['rate', 1]])
  expect(valuesOf('failures{part:assets}')).toEqual([['rate', 0]])
  expect(valuesOf('group_duration')).toEqual([
    ['trend', expect.any(Number)],
    ['trend', expect.any(Number)],
  ])
  expect(valuesOf('iterations')).toEqual([['counter', 1]])
})

test('iterations are numbered over all users and drivers, and exec.test.fail() marks the run', async () => {
  const file = join(scriptsFolder, 'tagged-thresholds.js')
  const { scenarios, settings } = scriptPlan(await describeScript(file))
  const journey = k6Journey({
    ...{ name: 'script', weight: 1, file, place: { driver: 1, drivers: 2 } },
    k6: { env: {}, scenarios, settings },
  })
  const [first, second] = [fakeClient({ visitor: 2 }), fakeClient({ visitor: 4 })]
  await journey.run(first)
  await journey.run(second)
  // The numbers of the second of two drivers are 1, 3, 5.
  expect(first.metrics).toContainEqual({ name: 'exec.test.fail()', kind: 'counter', value: 1 })
  expect(second.metrics.map(({ name }) => name)).not.toContain('exec.test.fail()')
})

test('groups, pauses and metrics reach the client', async () => {
  const grouped = await runOnce(join(scriptsFolder, 'groups.js'))
  expect(grouped.groups).toEqual(['visit the shop', 'front page', 'list'])
  expect(grouped.pauses).toEqual([0.5])
  expect(grouped.sent.at(-1)?.url).toBe('http://shop.test/items/7')
  const { metrics } = await runOnce(join(scriptsFolder, 'custom-metrics.js'))
  expect(metrics).toEqual([
    { name: 'waiting_time', kind: 'trend', value: 12 },
    { name: 'errors_seen', kind: 'rate', value: 0 },
    { name: 'orders', kind: 'counter', value: 1 },
    { name: 'body_size', kind: 'gauge', value: 5 },
  ])
})

test('--env values reach the script, and Math.random is that of the visit', async () => {
  const env = { BASE_URL: 'http://other.test' }
  const { sent, pauses } = await runOnce(join(scriptsFolder, 'environment.js'), { env })
  expect(sent[0]?.url).toBe('http://other.test/vu/1/iteration/0')
  expect(pauses).toEqual([0.5])
})
