import { expect, test } from 'vitest'
import { loadJunit } from '../../../reports/formats/load/load-junit.ts'
import { loadScreen } from '../../../reports/formats/load/load-screen.ts'
import { renderedLoad } from '../../../reports/formats/load/rendered-load.ts'
import { UsageError } from '../../../src/kit/errors.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { loadResult } from '../../../src/result/schemas/load.ts'
import { exampleLoadResult } from '../../support/results/load-result.ts'

const plain = { width: 80, colour: false, unicode: true, full: false }

const shown = (format: string, result: LoadResult = exampleLoadResult()) =>
  renderedLoad(format, result, plain)

test('the screen begins with the answer; a ramp has no percentiles, and what was not sent is said', async () => {
  const lines = (await shown('table')).split('\n')
  expect(lines[2]).toMatch(/^The load did not hold: 1 of 1 threshold failed\./)
  const row = (name: string) => lines.find((line) => line.startsWith(name))?.split(/\s{2,}/)
  expect(row('ramp up')).toEqual(['ramp up', '0:10', '0 → 200/s', '100/s', '–', '–', '0 %', '50 %'])
  expect(row('hold')).toEqual(expect.arrayContaining(['hold', '200/s', '5.00 ms']))
  expect(row('peak')).toEqual(expect.arrayContaining(['270/s (90 %)']))
  expect(lines.join('\n')).toMatch(/Invalid +peak: 90 % of its planned visits were sent/)
  expect(lines.join('\n')).toMatch(/300 × visit not begun: too many in flight/)
  expect(lines.join('\n')).toMatch(/fail: p99 < 1ms @ hold: 5\.00 ms/)
})

test('without thresholds the answer names the stage that broke, or says that it held', async () => {
  const result = { ...exampleLoadResult(), thresholds: [] }
  expect(await shown('table', result)).toContain('The load did not hold: stage peak: 90 %')
  const held = { ...result, stages: result.stages.slice(0, 2) }
  expect(await shown('table', held)).toContain('The load held: all 2 stages were sent as planned.')
})

test('CSV has a line for each stage and each of its steps, in base units, without formulas', async () => {
  const lines = (await shown('csv')).split('\r\n').map((line) => line.split(','))
  expect(lines[0]?.slice(0, 9)).toEqual([
    'stage',
    'step',
    'model',
    'from',
    'to',
    'seconds',
    'planned',
    'sent',
    'valid',
  ])
  expect(lines.slice(1, -1).map(([stage, step]) => [stage, step])).toEqual([
    ['ramp up', ''],
    ['ramp up', 'list'],
    ['hold', ''],
    ['hold', 'list'],
    ['hold', "'=add"],
    ['peak', ''],
    ['peak', 'list'],
  ])
})

test('JUnit has a case for each stage, check and threshold', async () => {
  const text = await shown('junit')
  expect(text).toContain('<testsuites name="lb" tests="8" failures="4" errors="0" time="30.000">')
  expect(
    [...text.matchAll(/<testsuite name="(\w+)" tests="(\d+)" failures="(\d+)"/g)].map(
      ([, ...found]) => found,
    ),
  ).toEqual([
    ['stages', '3', '1'],
    ['checks', '4', '2'],
    ['thresholds', '1', '1'],
  ])
})

test('a threshold that the run does not decide is skipped in JUnit, and not passed', () => {
  const result = exampleLoadResult()
  const [threshold] = result.thresholds as [LoadResult['thresholds'][number]]
  const inconclusive = { ...threshold, outcome: 'inconclusive' as const, why: 'interval' as const }
  const text = loadJunit({ ...result, thresholds: [threshold, inconclusive] })
  expect(text).toMatch(/<testsuite name="thresholds" tests="2" failures="1" .*skipped="1" /)
  expect(text.match(/<skipped message="[^"]*p99 &lt; 1ms @ hold/g)).toHaveLength(1)
})

test('markdown and the page have the same tables, and the page its charts', async () => {
  expect(await shown('markdown')).toMatch(/^## Load test: shop: .*\n\n❌ The load did not hold/)
  const page = await shown('html')
  for (const id of ['load-rate', 'load-latency', 'load-failures'])
    expect(page).toContain(`<figure id="${id}">`)
  expect(page).toContain('Not sent as planned: peak.')
})

test('JSON is the result as it is stored; a format without a report is refused', async () => {
  const result = exampleLoadResult()
  expect(loadResult.parse(JSON.parse(await shown('json')))).toEqual(result)
  await expect(shown('svg')).rejects.toThrow(UsageError)
})

test('a load test with failures proposes the doctor, one without does not', async () => {
  const example = exampleLoadResult()
  expect(await shown('table')).toMatch(/^Next +lb doctor --last {2}# names what failed/m)
  const fine = { ...example, stages: example.stages.slice(0, 1) }
  expect(await shown('table', fine)).not.toContain('lb doctor')
})

test('stalls of throughput have their causes beside those of the slowest requests', async () => {
  const slow = { requests: { 'driver-gc': 1 }, stalls: { 'target-gc': 2 }, slowest: [], seen: [] }
  const screen = await shown('table', { ...exampleLoadResult(), slow })
  expect(screen.replace(/\s+/g, ' ')).toContain(
    'stalls of throughput (2): 100 % garbage collection of the target, 0 % unexplained',
  )
})

test('what disturbed the machine is said once, with its range', async () => {
  const stolen = (share: number) => ({ code: 'cpu-stolen', values: { node: 'n1', share } }) as const
  const result = { ...exampleLoadResult(), disturbances: [stolen(0.02), stolen(0.04)] }
  expect(await shown('table', result)).toContain(
    'the hypervisor gave 2.0 to 4.0 % of the CPU time on n1',
  )
  expect(await shown('table')).not.toMatch(/^Machine/m)
})

test('one failed request of thousands is not 0 %', async () => {
  const text = await shown('table')
  expect(text).toMatch(/requests, <0\.1 % failed\./)
})

test.for([60, 80, 140])('at %i columns no line of a load test is longer', (width) => {
  const text = loadScreen(exampleLoadResult(), { width, colour: false, unicode: true })
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width)
})
