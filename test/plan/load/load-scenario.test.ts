import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { MistakesError } from '../../../src/kit/errors.ts'
import { loadPlanOf } from '../../../src/plan/load/load-plan-of.ts'
import { readLoadScenario, readScenario } from '../../../src/plan/scenarios.ts'

const registry = {
  algorithms: [{ name: 'round-robin' }],
  targets: [{ name: 'reference', algorithms: ['round-robin'] }],
  control: 'direct',
}

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lb-load-'))
  writeFileSync(join(folder, 'words.csv'), 'q,id\nred,1\n')
  const file = join(folder, 'shop.yaml')
  writeFileSync(file, text)
  return file
}

/** Every mistake of a file, without its path. */
async function mistakesOf(text: string): Promise<string[]> {
  const file = fileOf(text)
  const error = await readLoadScenario(file, registry).catch((caught) => caught)
  expect(error).toBeInstanceOf(MistakesError)
  const { message, hint, others } = error as MistakesError
  return [{ message, hint }, ...others].map((one) =>
    `${one.message}: ${one.hint}`.replace(`${file}, `, ''),
  )
}

test('a file becomes a plan: stages begin where the one before ended, paths are those of its folder', async () => {
  const file = fileOf(`load:
  stages:
    - { name: ramp up, for: 1m, to: 100/s }
    - { for: 5m, at: 100/s }
    - { for: 10s, to: 20 users }
journeys:
  - name: browse
    weight: 8
    steps:
      - get: /products?page={{int 1 5}}
        checks: [status is 200, time < 100ms]
        capture: { id: json /items/0/id }
      - pause: exponential 1s
      - post: /cart
        name: add
        json: { id: '{{id}}', q: '{{words.q}}' }
  - { name: search, steps: [get: /search] }
data:
  words: { file: words.csv, order: random }
thresholds: [p99 < 100ms]
`)
  const { scenario, folder } = await readLoadScenario(file, registry)
  const plan = loadPlanOf(scenario, folder)
  expect(plan.stages).toEqual([
    { name: 'ramp up', seconds: 60, model: 'open', from: 0, to: 100 },
    { name: 'stage 2', seconds: 300, model: 'open', from: 100, to: 100 },
    { name: 'stage 3', seconds: 10, model: 'closed', from: 0, to: 20 },
  ])
  expect(plan.journeys.map(({ name, weight }) => [name, weight])).toEqual([
    ['browse', 8],
    ['search', 1],
  ])
  const [first, pause, add] = plan.journeys[0]?.steps ?? []
  expect(first).toMatchObject({ name: 'GET /products?page={{int 1 5}}', method: 'GET' })
  expect(pause).toEqual({ kind: 'pause', pause: { kind: 'exponential', mean: 1 } })
  expect(add).toMatchObject({ name: 'add', method: 'POST', body: { kind: 'json' } })
  expect(plan.data).toEqual({
    words: { file: join(folder, 'words.csv'), format: 'csv', order: 'random' },
  })
})

test('all mistakes of all kinds are reported at once, each with its line and field', async () => {
  const found = await mistakesOf(`load:
  stages:
    - { name: a, for: 0s, to: 100/s }
    - { name: b, for: 1m, to: fast }
journeys:
  - name: browse
    steps:
      - get: /{{id}}
      - get: /a
        sleep: 3
      - get: /{{words.nope}}?x={{missing.q}}
        checks: [status is fine]
      - post: /b
        json: { deep: [ '{{whatever 3}}' ] }
data:
  words: { file: words.csv }
  lost: { file: lost.csv }
`)
  expect(found.map((line) => line.replace(/ is ("|\{).*?: /, ': '))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^line 3: load\.stages\[1\]\.for.*give a duration above 0/),
      expect.stringMatching(/^line 4: load\.stages\[2\]\.to.*give visits such as 100\/s/),
      expect.stringMatching(
        /^line 8: journeys\[1\]\.steps\[1\]\.get.*no earlier step captures "id"/,
      ),
      expect.stringMatching(/^line 10: unknown field "journeys\[1\]\.steps\[2\]\.sleep"/),
      expect.stringMatching(
        /^line 11: journeys\[1\]\.steps\[3\]\.get.*has no column "nope": it has q, id/,
      ),
      expect.stringMatching(/^line 12: journeys\[1\]\.steps\[3\]\.checks\[1\].*give a check/),
      expect.stringMatching(/^line 14: journeys\[1\]\.steps\[4\]\.json\.deep\[1\].*is no value/),
      expect.stringMatching(/^line 17: data\.lost\.file.*cannot be read \(ENOENT\)/),
    ]),
  )
})

test('a scenario whose arms are compared has its data files from its own folder, too', async () => {
  const file = fileOf(`question: Which one?
backends: 2
rate: 10
journeys:
  - { name: search, steps: [{ get: '/search?q={{words.q}}' }] }
data:
  words: { file: words.csv }
`)
  const { data } = await readScenario(file, registry)
  expect(data).toEqual({ words: { file: join(dirname(file), 'words.csv'), order: 'sequential' } })
})
