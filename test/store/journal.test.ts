import { existsSync } from 'node:fs'
import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { journalIn, killedRuns } from '../../src/store/journal.ts'
import { exampleResult } from '../support/results/example-result.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'lb-test-')), '.lb')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const { trials, ...rest } = exampleResult()
const document = { ...rest, trials: [] }
const [first, second] = trials as [(typeof trials)[0], (typeof trials)[0]]
const own = () => join(folder, `running-${process.pid}.jsonl`)
/** Beyond the highest number of a process: proc_sys_kernel(5). */
const dead = 4_194_305
/** The journal as a process leaves it that was killed. */
const leave = () => rename(own(), join(folder, `running-${dead}.jsonl`))

async function begun() {
  const journal = journalIn(folder)
  await journal.begin({ document, cpus: 2 })
  return journal
}

test('a killed run leaves its facts and its trials, each once it is measured', async () => {
  await using journal = await begun()
  await journal.add(first)
  expect((await readFile(own(), 'utf8')).trimEnd().split('\n')).toHaveLength(2)
  await journal.add(second)
  await leave()
  expect(await killedRuns(folder)).toEqual([
    { document, cpus: 2, trials: [first, second], file: join(folder, `running-${dead}.jsonl`) },
  ])
})

test('it is for its owner only, in a folder that is no part of a repository', async () => {
  await using _ = await begun()
  expect((await stat(own())).mode & 0o777).toBe(0o600)
  expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('*\n')
})

test('a run that goes on is not a killed one, and its file is gone once it has ended', async () => {
  {
    await using journal = await begun()
    await journal.add(first)
    expect(await killedRuns(folder)).toEqual([])
    expect(existsSync(own())).toBe(true)
  }
  expect(await readdir(folder)).toEqual(['.gitignore'])
})

test('a file that is kept stays', async () => {
  {
    await using journal = await begun()
    journal.keep()
  }
  expect(existsSync(own())).toBe(true)
})

test('another process with the same number is another process', async () => {
  await using journal = await begun()
  await journal.add(first)
  const text = await readFile(own(), 'utf8')
  await writeFile(own(), text.replace(/"started":"\d+"/, '"started":"1"'))
  expect(await killedRuns(folder)).toHaveLength(1)
})

test('a line that was cut off is left out, and a run without a trial leaves nothing', async () => {
  await using journal = await begun()
  await leave()
  expect(await killedRuns(folder)).toEqual([])
  expect(await readdir(folder)).toEqual(['.gitignore'])
  await journal.begin({ document, cpus: 2 })
  await journal.add(first)
  await appendFile(own(), '{"trial":{"block"')
  await leave()
  expect(await killedRuns(folder)).toMatchObject([{ trials: [first] }])
})

test('a folder or a disk that cannot be written is no error of the run', async () => {
  await writeFile(folder, 'a file')
  await using journal = await begun()
  await journal.add(first)
  expect(await readFile(folder, 'utf8')).toBe('a file')
  expect(await killedRuns(folder)).toEqual([])
})

test('without a folder nothing is written', async () => {
  await using journal = journalIn(undefined)
  await journal.begin({ document, cpus: 2 })
  await journal.add(first)
  expect(existsSync(folder)).toBe(false)
})
