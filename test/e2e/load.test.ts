import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadResult } from '../../src/result/schemas/load.ts'
import { ok, scriptedServer } from '../support/http/scripted-server.ts'
import { startLbIn } from '../support/processes/built-lb.ts'

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
  expect(stdout).toMatch(/Did not hold: 1 of 2 thresholds failed\./)
  const text = await readFile(join(folder, '.lb/last.json'), 'utf8')
  const { stages, drivers, thresholds } = loadResult.parse(JSON.parse(text))
  expect(stages.map(({ planned, sent, valid }) => ({ planned, sent, valid }))).toEqual([
    { planned: 15, sent: 15, valid: true },
    { planned: 50, sent: 50, valid: true },
  ])
  expect(stages[1]?.steps['GET /']?.checks).toEqual({ 'body is ok': { passed: 50, failed: 0 } })
  expect(drivers).toMatchObject({ count: 2, lost: [] })
  expect(thresholds.map(({ outcome }) => outcome)).toEqual(['pass', 'fail'])
  expect(server.requests).toBeGreaterThanOrEqual(65)
})
