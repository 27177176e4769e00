import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { simulate } from '../../src/app/simulate.ts'
import type { Invocation } from '../../src/cli/invocation.ts'
import { exampleResult } from '../support/results/example-result.ts'

const file = join(mkdtempSync(join(tmpdir(), 'lb-simulate-')), 'two.yaml')
writeFileSync(
  file,
  [
    'question: Which?',
    'algorithms: [round-robin, least-connections]',
    'backends:',
    '  - { count: 1, serviceTime: exponential 5ms, concurrency: 2 }',
    '  - { count: 1, serviceTime: exponential 20ms, concurrency: 2 }',
  ].join('\n'),
)

const defaults = {
  ...{ clients: 10, skew: '0', dispatchers: 1, requests: 2000 },
  ties: 'turns',
  discipline: 'queue',
  progress: 'none',
  ...{ replications: 6, map: false, seed: 1, force: false, keep: false, format: 'table' },
} as const

async function run(flags: Partial<Parameters<typeof simulate>[1]> = {}) {
  let text = ''
  const invocation: Invocation = {
    version: '0',
    commandLine: ['simulate', file],
    json: false,
    render: { width: 120, colour: false, unicode: true },
    print: (part) => {
      text += part
    },
    note: () => {},
    fail: () => {},
    endWith: () => {},
  }
  const document = await simulate(file, { ...defaults, ...flags }, invocation)
  return { document, text }
}

test('a simulation is marked as one, in every format, and names the best algorithm', async () => {
  for (const format of ['table', 'markdown', 'html']) {
    const { text } = await run({ format })
    expect(text).toContain('SIMULATED')
    expect(text).toContain('least-connections')
    expect(text).toContain('not validated for this load')
  }
  const { text } = await run({ format: 'csv' })
  expect(text.split('\r\n')[1]).toMatch(/^true,least-connections,mean,/)
  expect(JSON.parse((await run({ format: 'json' })).text)).toMatchObject({
    format: 'lb-simulation',
    simulated: true,
  })
})

test('the same seed gives the same bytes', async () => {
  const text = async () => (await run({ format: 'json' })).text
  expect(await text()).toBe(await text())
})

test('the rate follows from the load and the capacity', async () => {
  const { document } = await run({ load: 0.5 })
  expect(document.result).toMatchObject({ capacity: 500, rate: 250, load: 0.5 })
})

test('a load beyond the capacity is refused, unless a time is given', async () => {
  await expect(run({ load: 1.2 })).rejects.toThrow(
    '600 req/s are 120 % of what the backends can serve (500 req/s): queues would grow without end',
  )
  const { document } = await run({ load: 1.2, horizon: 2 })
  expect(document.requests).toBe(1200)
  expect(document.result?.algorithms[0]?.warmup).toBe(0)
})

test('backends without a service time, service times and formats that do not exist are refused', async () => {
  await expect(run({ 'service-time': 'often 5ms' })).rejects.toThrow('is not a service time')
  await expect(run({ format: 'svg' })).rejects.toThrow('no report of format svg')
  await expect(run({ skew: '-1' })).rejects.toThrow('is not a number from 0 to 5')
  const { document } = await run({ 'service-time': 'hyperexponential 5ms 4', concurrency: 1 })
  expect(document.result?.capacity).toBe(400)
})

test('a map names the best algorithm of each cell, or none', async () => {
  const { document, text } = await run({ map: true, requests: 500 })
  expect(document.map?.cells).toHaveLength(30)
  const slow = document.map?.cells.find(
    ({ load, heterogeneity }) => load === 0.9 && heterogeneity === 8,
  )
  expect(slow).toMatchObject({ best: 'least-connections', isNoDifference: false })
  expect(text).toContain('8.00 × slower')
  expect(text).toContain('A: ')
  const chart = await run({ map: true, requests: 60, format: 'html' })
  expect(chart.text).toContain('<svg')
})

test('arrivals and keys come from a log', async () => {
  const log = join(dirname(file), 'access.log')
  const line = (i: number) =>
    `10.0.0.${i % 5} - - [01/Dec/2026:00:00:${String(i).padStart(2, '0')} +0000] "GET / HTTP/1.1" 200 5 "-" "x"`
  writeFileSync(log, Array.from({ length: 40 }, (_, i) => line(i)).join('\n'))
  const { document, text } = await run({ log, requests: undefined })
  expect(document.requests).toBe(40)
  expect(document.result?.rate).toBeCloseTo(1, 1)
  expect(text).toContain('Arrivals as recorded')
  expect(text).not.toContain('Keys:')
  expect((await run({ log, requests: 10 })).document.requests).toBe(10)
  await expect(run({ log, horizon: 0.001 })).rejects.toThrow('fewer than two arrivals within')
})

test('service times come from the direct trials of a result', async () => {
  const result = join(dirname(file), 'direct.json')
  const whole = exampleResult()
  const arms = whole.plan.arms.map((arm, i) => (i === 0 ? { ...arm, target: 'direct' } : arm))
  const trials = whole.trials.map((one) => ({
    ...one,
    trial: { ...one.trial, phase: 'latency' as const },
  }))
  const document = { ...whole, plan: { ...whole.plan, arms }, trials }
  writeFileSync(result, JSON.stringify(document))
  const { text } = await run({ 'service-from': result, load: 0.5 })
  expect(text).toContain('measured histogram of 2000 points')
  writeFileSync(result, JSON.stringify({ ...document, trials: [] }))
  await expect(run({ 'service-from': result })).rejects.toThrow('no valid trial of')
  writeFileSync(result, JSON.stringify(whole))
  await expect(run({ 'service-from': result })).rejects.toThrow('does not say whose times')
})

test('caches and disciplines are described, and hits are reported', async () => {
  const { text } = await run({ cache: 20, hit: 0.5, discipline: 'sharing', 'slow-start': 5 })
  expect(text).toContain('shared by all its requests, cache of 20 keys, a hit takes 50 %')
  expect(text).toContain('Slow start of a backend that returns: 5.00 s')
  expect(text).toMatch(/Keys found in a cache: .*least-connections 9\d %/)
})
