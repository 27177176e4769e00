import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lb } from '../support/processes/lb-in-process.ts'

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
  file = join(folder, 'mine.yaml')
  await writeFile(file, 'question: q\nalgorithm: weigthed\ntrials: 0\nbackends: 1\n')
})
afterAll(() => rm(folder, { recursive: true }))

test('each mistake of a file is a line of standard error', async () => {
  const { stderr, error } = await lb(`bench -s ${file} --dry-run`)
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^lb: .*mine.yaml, line 2: algorithm is "weigthed": did you mean/),
    expect.stringMatching(/^lb: .*mine.yaml, line 3: trials is 0: give an integer from 1 /),
  ])
  expect(error?.oclif?.exit).toBe(2)
})

test('under --json the error has the others', async () => {
  const { stdout, stderr } = await lb(`bench -s ${file} --dry-run --json`)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      message: expect.stringContaining('line 2: '),
      others: [{ message: expect.stringContaining('line 3: trials is 0') }],
    },
  })
})

test.for(['--algo', '--algorithms'])('%s is the name of the field, too', async (flag) => {
  const { stdout } = await lb(`bench ${flag} weighted --no-control --trials 1 --dry-run --json`)
  expect(JSON.parse(stdout)).toMatchObject({ plan: { arms: [{ name: 'weighted ×1' }] } })
})

test('lb ci --dry-run prints both sides, and needs them', async () => {
  const sides = '--base-command {port} --head-command {port} --driver lean'
  const { stdout } = await lb(`ci ${sides} --dry-run --json`)
  expect(JSON.parse(stdout)).toMatchObject({
    plan: { driver: 'lean', arms: [{ name: 'base command' }, { name: 'head command' }] },
  })
  const without = await lb('ci --dry-run')
  expect(without.stderr).toContain('ci needs two sides')
})
