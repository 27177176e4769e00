import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { burnEnv } from '../../bench/support/burn-env.ts'
import { type ResultDocument, resultDocument } from '../../src/result/document.ts'
import { type RunningLb, startLb, startLbWith } from '../support/processes/built-lb.ts'
import { throttle } from './throttle.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const short = [
  ...['--algo', 'round-robin', '--phase', 'capacity', '--no-control', '--trials', '2'],
  // No trial is run to choose the driver.
  ...['--driver', 'autocannon'],
]
const times = ['--warmup', '300ms', '--duration', '1s', '--json']

async function documentOf(lb: RunningLb): Promise<ResultDocument> {
  const { stdout, stderr } = await lb.finished
  expect(stderr).toBe('')
  return resultDocument.parse(JSON.parse(stdout))
}
const limits = ({ trials }: ResultDocument) => trials.map(({ verdict }) => verdict.bottleneck)

test('a driver that is let run half of the time is the limit of every trial, and its capacity a bound', async () => {
  const lb = startLb('bench', ...short, ...times)
  const [stops, document] = await Promise.all([throttle(lb, 'driver/main'), documentOf(lb)])
  expect(stops).toBeGreaterThan(0)
  expect(new Set(limits(document))).toEqual(new Set(['driver']))
  expect(document.findings.map(({ isLowerBound }) => isLowerBound)).toEqual([true])
})

test('a target that uses all its CPU is the limit, and its capacity no bound; else other programs are', async () => {
  // 2 ms of work a request: driver and backends have next to nothing to do.
  const sides = ['--base-config', '{}', '--head-config', '{}']
  const output = ['--output', join(folder, 'burning'), '--force']
  const phase = ['--phase', 'capacity', '--trials', '2', '--driver', 'autocannon']
  const args = ['ci', ...sides, ...phase, ...times, ...output]
  const document = await documentOf(startLbWith(burnEnv(0.002), ...args))
  expect(document.trials.length).toBeGreaterThanOrEqual(4)
  for (const { verdict, processes, windowSeconds } of document.trials) {
    const { userSeconds = 0, systemSeconds = 0 } = processes.find(isTarget) ?? {}
    const full = userSeconds + systemSeconds >= 0.9 * windowSeconds
    // What others take from a trial they may take from its driver, which then is truly late.
    expect(full ? ['target'] : ['target', 'host', 'driver']).toContain(verdict.bottleneck)
  }
  for (const { bottleneck, isLowerBound } of document.findings) {
    expect(isLowerBound).toBe(bottleneck === 'driver')
  }
})

const isTarget = ({ role }: { role: string }) => role === 'target'

test('slow backends are the limit of every trial, and the capacity is a bound', async () => {
  const scenario = join(folder, 'slow.yaml')
  // So slow that what other programs add to a request stays the smaller part of it.
  const backends = 'backends: { count: 3, serviceTime: 200ms }'
  await writeFile(scenario, ['question: Who waits?', backends].join('\n'))
  const document = await documentOf(startLb('bench', '--scenario', scenario, ...short, ...times))
  expect(new Set(limits(document))).toEqual(new Set(['backends']))
  expect(document.findings.map(({ isLowerBound }) => isLowerBound)).toEqual([true])
})
