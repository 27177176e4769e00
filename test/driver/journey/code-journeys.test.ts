import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { driveLoad } from '../../../src/driver/journey/drive-load.ts'
import { driveOnce } from '../../../src/driver/journey/drive-once.ts'
import type { DriverLoad } from '../../../src/driver/journey/driver-load.ts'
import { loadCode } from '../../../src/driver/journey/load-code.ts'
import type { LoadPlan } from '../../../src/plan/load/load-plan.ts'
import { ok, scriptedServer } from '../../support/http/scripted-server.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lb-code-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function module(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const loadOf = (url: URL, file: string, rest: Partial<LoadPlan>): DriverLoad => ({
  plan: {
    stages: [{ name: 'hold', seconds: 20, model: 'closed', from: 3, to: 3 }],
    spacing: 'constant',
    journeys: [{ name: 'visit', weight: 1, steps: [], module: file }],
    ...{ data: {}, thresholds: [] },
    ...rest,
  },
  ...{ url: url.href, timeout: 2, connections: 4, maxInFlight: 200 },
  ...{ seed: 1, driver: 0, drivers: 1 },
})

const signal = new AbortController().signal
const alone = { ready: async () => {}, signal, sample: () => {} }

const visit =
  'export default async (client: { get(url: string): Promise<unknown> }) => { await client.get("/a") }'

test.for([
  [{ count: 7, of: 'all' }, 7],
  [{ count: 2, of: 'each' }, 6],
] as const)('a load of %j ends with its visits, long before its stage', async ([visits, made]) => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const file = module('visit.ts', visit)
  const report = await driveLoad(loadOf(server.url, file, { visits }), alone)
  expect(report.stages[0]?.visits).toBe(made)
  expect(report.stages[0]?.steps['GET /a']?.ok).toBe(made)
  expect(report.unfinished).toBe(0)
  expect(report.seconds).toBeLessThan(20)
})

test('code ends the load with a reason, long before its stage', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const file = module(
    'end.ts',
    `export default async (client: { get(url: string): Promise<unknown>; endLoad(reason: string): never; visitor: number }) => {
      await client.get('/a')
      if (client.visitor === 2) client.endLoad('sold out')
    }`,
  )
  const report = await driveLoad(loadOf(server.url, file, {}), alone)
  expect(report).toMatchObject({ aborted: true, endedBy: 'sold out' })
  expect(report.seconds).toBeLessThan(20)
  // The visit that ended it is none that failed.
  expect(report.stages[0]?.steps.visit).toBeUndefined()
})

test('one visit of a k6 script shows its requests with their checks', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const file = module(
    'script.js',
    `import http from 'k6/http'
    import { check } from 'k6'
    export default function () {
      check(http.get('${server.url.href}a'), { good: (r) => r.status === 200, bad: () => false })
    }`,
  )
  const settings = { maxRedirects: 10, batch: 20, batchPerHost: 6 }
  const scenario = { name: 'default', exec: 'default', startSeconds: 0, model: 'closed' } as const
  const k6 = {
    env: {},
    scenarios: [{ ...scenario, ramps: [{ seconds: 1, from: 1, to: 1 }] }],
    settings: { ...settings, discardResponseBodies: false, noCookiesReset: false },
  }
  const journeys = [{ name: 'script.js', weight: 1, steps: [], module: file, k6 }]
  const [shown] = await driveOnce(loadOf(server.url, file, { journeys }))
  expect(shown?.requests.map(({ step, checks }) => [step, checks])).toEqual([
    [
      'GET /a',
      [
        { text: 'good', passed: true },
        { text: 'bad', passed: false },
      ],
    ],
  ])
})

test('an error in a journey is at the line of its file', async () => {
  const text =
    'interface Page { a: number }\n\nexport default async () => {\n  (undefined as unknown as Page).a\n}'
  const file = module('broken.ts', text)
  const place = { driver: 0, drivers: 1 }
  const journey = await loadCode({ name: 'broken', weight: 1, steps: [], module: file }, place)
  await expect(journey.run({} as never)).rejects.toThrow(/^broken\.ts, line 4: Cannot read/)
})
