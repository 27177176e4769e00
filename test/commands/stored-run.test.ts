import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resultText } from '../../src/result/text.ts'
import { storeLast } from '../../src/store/last-run.ts'
import { lb } from '../support/processes/lb-in-process.ts'
import { exampleResult } from '../support/results/example-result.ts'

const before = process.cwd()
let project: string

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'lb-test-'))
  process.chdir(project)
})
afterEach(async () => {
  process.chdir(before)
  await rm(project, { recursive: true })
})

const run = (scenario: string) => {
  const example = exampleResult()
  return { ...example, plan: { ...example.plan, scenario } }
}

test('lb report without a file shows the last run', async () => {
  await storeLast(run('before'), join(project, '.lb'))
  await storeLast(run('latest'), join(project, '.lb'))
  const { stdout, error } = await lb('report')
  expect(error).toBeUndefined()
  expect(stdout).toMatch(/^lb bench +latest: /)
})

test('lb report without a file shows the last simulation, too', async () => {
  await writeFile(
    join(project, 'two.yaml'),
    'question: Which?\nbackends: { count: 2, serviceTime: 5ms, concurrency: 1 }\n',
  )
  const flags = '--algo round-robin,random --requests 50 --replications 2'
  const simulated = await lb(`simulate two.yaml ${flags}`)
  expect(simulated.stderr).toContain('stored in .lb/last.json')
  expect((await lb('report')).stdout).toBe(simulated.stdout)
  const chosen = await lb(`choose two.yaml ${flags} --no-confirm --progress none`)
  expect((await lb('report')).stdout).toBe(chosen.stdout)
  await lb(`simulate two.yaml ${flags} --no-keep`)
  expect((await lb('report')).stdout).toBe(chosen.stdout)
})

test('lb compare without a file compares the last two runs, with one file that and the last', async () => {
  for (let i = 0; i < 2; i++) await storeLast(run('same'), join(project, '.lb'))
  const both = JSON.parse((await lb('compare --json')).stdout)
  expect(both).toMatchObject({ baseline: { file: join('.lb', 'previous.json') } })
  const file = join(project, 'base.json')
  await writeFile(file, resultText(run('same')))
  const one = JSON.parse((await lb(`compare ${file} --json`)).stdout)
  expect(one).toMatchObject({ baseline: { file }, plan: { scenario: 'same' } })
})

test.for([
  ['report', 'no last run is stored here'],
  ['compare', 'no previous run is stored here'],
])('lb %s before any run: one line that says so', async ([command = '', message = '']) => {
  const { stderr, error } = await lb(command)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(error?.oclif?.exit).toBe(2)
})
