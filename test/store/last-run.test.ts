import { existsSync } from 'node:fs'
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readResult } from '../../src/result/read.ts'
import { checkFolder, lastRun, previousRun, storeLast } from '../../src/store/last-run.ts'
import { lbFolder } from '../../src/store/lb-folder.ts'
import { exampleResult } from '../support/results/example-result.ts'

let project: string
let folder: string

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'lb-test-'))
  folder = join(project, '.lb')
})
afterEach(() => rm(project, { recursive: true }))

const run = (day: number) => ({ ...exampleResult(), createdAt: `2026-03-0${day}T12:00:00.000Z` })

test('the last two runs are kept, and nothing else', async () => {
  for (const day of [1, 2, 3]) expect(await storeLast(run(day), folder)).toBe(lastRun(folder))
  expect(await readResult(lastRun(folder))).toEqual(run(3))
  expect(await readResult(previousRun(folder))).toEqual(run(2))
  expect((await readdir(folder)).toSorted()).toEqual(['.gitignore', 'last.json', 'previous.json'])
})

test('they are for their owner only, and no part of a repository', async () => {
  await storeLast(run(1), folder)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect((await stat(lastRun(folder))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('*\n')
})

test('a folder that cannot be made is an error before the run and after it, and the last run stays', async () => {
  await writeFile(folder, 'a file')
  const refused = {
    exitCode: 2,
    message: expect.stringContaining(`cannot write the folder ${folder}`),
  }
  await expect(checkFolder(join(folder, 'history'))).rejects.toMatchObject({ exitCode: 2 })
  await expect(storeLast(run(1), folder)).rejects.toMatchObject(refused)
  expect(await readFile(folder, 'utf8')).toBe('a file')
})

test('the check leaves no file', async () => {
  await checkFolder(folder)
  expect(await readdir(folder)).toEqual(['.gitignore'])
})

test('a folder of another user is not used', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('only root can give a folder to another user')
  await mkdir(folder)
  await mkdir(join(project, 'own'))
  await chown(folder, 12_345, 12_345)
  expect(lbFolder(join(project, 'own'))).toBe(join(project, 'own', '.lb'))
  expect(existsSync(join(project, 'own', '.lb'))).toBe(false)
})
