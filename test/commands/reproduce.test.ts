import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registry } from '../../src/experiment/run/plan-for.ts'
import { documentedTables } from '../../src/plan/documented/tables.ts'
import { reproductionPlan } from '../../src/plan/reproduction-plan.ts'
import { writeResult } from '../../src/result/write.ts'
import { lb } from '../support/processes/lb-in-process.ts'
import { measuredResult } from '../support/results/measured-result.ts'

let folder: string
let result: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-reproduce-'))
  result = join(folder, 'r.json')
  const documented = await documentedTables(registry)
  const plan = reproductionPlan({ documented, overrides: {}, seed: 1, control: registry.control })
  const behaviours = Object.fromEntries(plan.arms.map(({ name }) => [name, { throughput: 5_000 }]))
  await writeResult(measuredResult(plan, { behaviours }), { path: result, force: false })
})
afterAll(() => rm(folder, { recursive: true }))

test('a stored result is rendered without measuring', async () => {
  const { stdout, error } = await lb(`reproduce --result ${result}`)
  expect(error).toBeUndefined()
  expect(stdout).toMatch(/^lb reproduce {2}The tuning guide: 8 trials/)
  expect((await lb(`reproduce --result ${result} --format markdown`)).stdout).toMatch(
    /^## Reproduced: The tuning guide/,
  )
})

test('the tables of a markdown file replace the shipped ones', async () => {
  const page = join(folder, 'page.md')
  await writeFile(
    page,
    [
      '---\nlb:',
      '  arms: { Turns: { algorithm: round-robin }, Fewest: { algorithm: least-connections } }',
      '  columns: { Speed: throughput }\n---\n\n# Page\n',
      '| Way | Speed |\n| --- | --- |\n| Turns | 100 req/s |\n| Fewest | 90 req/s |\n',
    ].join('\n'),
  )
  const { stdout } = await lb(`reproduce ${page} --result ${result} --json`)
  expect(JSON.parse(stdout)).toMatchObject({
    title: 'Page',
    tables: [
      { title: 'Page: Speed', rows: [{ name: 'Turns' }, { trend: { outcome: 'differs' } }] },
    ],
  })
})

test('--dry-run prints the plan and its time, less than ten minutes', async () => {
  const { stdout } = await lb('reproduce --dry-run --json')
  const { plan, time } = JSON.parse(stdout)
  expect(time.most).toBeLessThan(600)
  expect(plan.trials).toHaveLength(8 * plan.arms.length)
  expect((await lb('reproduce --dry-run --seed 3')).stdout).toMatch(
    /^Scenario documented, seed 3: \d+ trials, \d+ to \d+ s$/m,
  )
})

test.for([
  ['reproduce nowhere.md', /^lb: cannot read nowhere\.md \(ENOENT\)/],
  ['reproduce --result nowhere.json', /^lb: cannot read nowhere\.json/],
  ['reproduce --format tabel', /^lb: unknown format "tabel" in --format: did you mean table\?/],
  ['reproduce --trials 0', /^lb: --trials "0" is not an integer of 1 or more/],
  ['reproduce --result r.json --trials 3', /^lb: .*--trials/],
] as const)('%s is refused in one line', async ([line, message]) => {
  const { stderr, error } = await lb(line)
  expect(stderr).toMatch(message)
  expect(error?.oclif?.exit).toBe(2)
})
