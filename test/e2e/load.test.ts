import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadResult } from '../../src/result/schemas/load.ts'
import { ok, scriptedServer } from '../support/http/scripted-server.ts'
import { builtLb, startLbIn } from '../support/processes/built-lb.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-load-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a URL is loaded as planned, checks are counted, a failed threshold is exit code 99, and the result is stored', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const { code, stdout, stderr } = await startLbIn(
    folder,
    ...['load', server.url.href, '--stage', '0.3s:100/s', '--stage', '0.5s@100/s'],
    ...[
      '--check',
      'body is ok',
      '--threshold',
      'checks > 90%',
      '--threshold',
      'p50 < 1us @ stage 2',
    ],
    ...['--seed', '1', '--drivers', '2', '--progress', 'none'],
  ).finished
  expect({ code, stderr }).toEqual({
    code: 99,
    stderr: expect.stringContaining('stored in .lb/last.json'),
  })
  expect(stdout).toMatch(/The load did not hold: 1 of 2 thresholds failed\./)
  const text = await readFile(join(folder, '.lb/last.json'), 'utf8')
  const { stages, drivers, thresholds, processes } = loadResult.parse(JSON.parse(text))
  // The mock backends, which run for every target, have no part in the load of a URL.
  expect(processes.map(({ role }) => role)).toEqual(['driver'])
  expect(stages.map(({ planned, sent, valid }) => ({ planned, sent, valid }))).toEqual([
    { planned: 15, sent: 15, valid: true },
    { planned: 50, sent: 50, valid: true },
  ])
  expect(stages[1]?.steps['GET /']?.checks).toEqual({ 'body is ok': { passed: 50, failed: 0 } })
  expect(drivers).toMatchObject({ count: 2, lost: [] })
  expect(thresholds.map(({ outcome }) => outcome)).toEqual(['pass', 'fail'])
  expect(server.requests).toBeGreaterThanOrEqual(65)
})

test('the shape knee runs from its flag to its result, a threshold with ! ends its run, and a load that cannot be sent is exit code 97', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  // It responds when it is asked whether it is there, and then no more.
  await using silent = await scriptedServer((n) => (n <= 1 ? { answer: ok } : {}))
  const quiet = ['--json', '--no-keep', '--progress', 'none', '--seed', '1']
  const run = async (url: URL, ...args: string[]) => {
    const { code, stdout } = await builtLb('load', url.href, ...args, ...quiet)
    return { code, ...loadResult.parse(JSON.parse(stdout)) }
  }
  // Ramps of 0.6 s, holds of 0.15 s.
  const knee = ['--shape', 'knee:100/s', '--time-scale', '0.005']
  const wrong = [
    '--check',
    'body is no',
    '--threshold',
    'checks > 99% over 5s',
    '--threshold',
    'checks >= 100% !',
  ]
  const frozen = ['--stage', '0.3s@50/s', '--timeout', '0.2s', '--max-in-flight', '2']
  const [held, ended, unsent] = await Promise.all([
    run(server.url, ...knee),
    run(server.url, ...knee, ...wrong),
    run(silent.url, ...frozen),
  ])
  expect(held).toMatchObject({ code: 0, complete: true, timeScale: 0.005 })
  // On a busy machine the ramps may show a knee of the machine, around which rates are held then.
  expect(held.stages).toHaveLength(held.knee?.ramp === undefined ? 2 : 7)
  expect(held.knee).toBeDefined()
  expect(held.stages.slice(0, 2).map(({ name, seconds }) => [name, seconds])).toEqual([
    ['up', 0.6],
    ['down', 0.6],
  ])
  expect(ended).toMatchObject({ code: 99, complete: false })
  expect(ended.knee).toBeUndefined()
  expect(ended.thresholds.map(({ outcome }) => outcome)).toEqual(['fail', 'fail'])
  expect(unsent).toMatchObject({ code: 97, stages: [{ valid: false }] })
})
