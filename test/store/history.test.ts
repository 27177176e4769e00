import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ResultDocument } from '../../src/result/document.ts'
import { readResult } from '../../src/result/read.ts'
import { historyFolder, prune, readHistory, storeRun } from '../../src/store/history.ts'
import { entryOf, type HistoryEntry } from '../../src/store/history-entry.ts'
import { seriesOf } from '../../src/store/history-series.ts'
import { exampleResult } from '../support/results/example-result.ts'

const example = exampleResult()
let project: string
let folder: string

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'lb-test-'))
  folder = join(project, '.lb', 'history')
})
afterEach(() => rm(project, { recursive: true }))

const at = (day: number): ResultDocument => ({
  ...example,
  createdAt: `2026-03-${String(day).padStart(2, '0')}T12:00:00.000Z`,
})

test('a stored run is complete, and alone in a folder of its own', async () => {
  const id = await storeRun(example, folder)
  expect(id).toMatch(/^2026-03-01T12-00-00\.000Z-default-[0-9a-f]{4}$/)
  expect(await readResult(join(folder, id, 'result.json'))).toEqual(example)
  expect(await readdir(folder)).toEqual([id])
})

test('a history without runs is empty, and reading it creates no folder', async () => {
  expect(await readHistory(folder)).toEqual({ entries: [], damaged: [] })
  expect(await readdir(project)).toEqual([])
})

test('runs are listed oldest first, in whichever order they were stored', async () => {
  for (const day of [3, 1, 2]) await storeRun(at(day), folder)
  const { entries } = await readHistory(folder)
  expect(entries.map(({ createdAt }) => createdAt.slice(8, 10))).toEqual(['01', '02', '03'])
})

describe('the index', () => {
  const index = () => readFile(join(folder, '.index.jsonl'), 'utf8')

  test('is rebuilt when it is missing, damaged or stale', async () => {
    const first = await storeRun(at(1), folder)
    const whole = await readHistory(folder)
    const text = await index()
    for (const broken of ['', 'not JSON\n', text.slice(0, 40), text.replace(first, 'gone')]) {
      await writeFile(join(folder, '.index.jsonl'), broken)
      expect(await readHistory(folder)).toEqual(whole)
      expect(await index()).toBe(text)
    }
    await rm(join(folder, first), { recursive: true })
    expect(await readHistory(folder)).toEqual({ entries: [], damaged: [] })
    expect(await index()).toBe('')
  })

  test('is used instead of the runs, and ignored by rebuild', async () => {
    const id = await storeRun(at(1), folder)
    await readHistory(folder)
    await writeFile(join(folder, id, 'result.json'), '{')
    expect((await readHistory(folder)).damaged).toEqual([])
    expect(await readHistory(folder, { rebuild: true })).toEqual({ entries: [], damaged: [id] })
  })
})

test('pruning neither removes nor counts files and folders that are not runs', async () => {
  const ids: string[] = []
  for (const day of [1, 2]) ids.push(await storeRun(at(day), folder))
  await mkdir(join(folder, 'zz-notes'))
  await writeFile(join(folder, '0-read-me'), 'mine')
  await writeFile(join(folder, ids[0] as string, 'result.json'), 'damaged')
  expect(await prune(folder, 1)).toEqual([ids[0]])
  const left = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  expect(left.sort()).toEqual(['0-read-me', ids[1], 'zz-notes'])
})

test('pruning keeps the newest runs, and removes the leftovers of a killed lb', async () => {
  const ids: string[] = []
  for (const day of [1, 2, 3]) ids.push(await storeRun(at(day), folder))
  await mkdir(join(folder, '.new-1234'))
  expect((await readHistory(folder)).entries).toHaveLength(3)
  expect(await prune(folder, 2)).toEqual([ids[0]])
  expect((await readdir(folder)).sort()).toEqual(['.index.jsonl', ...ids.slice(1)])
  expect((await readHistory(folder)).entries.map(({ id }) => id)).toEqual(ids.slice(1))
})

test('every folder of a project has the same history', async () => {
  const deep = join(project, 'a', 'b')
  await mkdir(deep, { recursive: true })
  await mkdir(join(project, '.git'))
  expect(historyFolder(deep)).toBe(folder)
  await mkdir(join(project, 'a', '.lb'))
  expect(historyFolder(deep)).toBe(join(project, 'a', '.lb', 'history'))
})

describe('a metric over time', () => {
  const entry = (i: number, center: number, fingerprint = 'one'): HistoryEntry => ({
    ...entryOf(`run-${i}`, example),
    fingerprint,
    findings: [{ arm: 'round-robin ×1', phase: 'capacity', metrics: { throughput: center } }],
  })

  test('shows the run at which its level shifted', () => {
    const wave = [0, 12, -9, 4, -14, 7, -3, 11, -6, 2, -11, 8]
    const entries = wave.flatMap((off, i) => entry(i, (i < 6 ? 15_000 : 13_500) + off * 10))
    const [series] = seriesOf(entries, { metric: 'throughput' })
    expect(series?.points).toHaveLength(12)
    expect(series?.changes.map(({ index }) => index)).toEqual([6])
    expect(series?.changes[0]?.after).toBeCloseTo(13_500, -2)
  })

  test('is one series per host: a change of machine is not a level shift', () => {
    const entries = [entry(1, 15_000), entry(2, 9_000, 'two'), entry(3, 15_010)]
    const series = seriesOf(entries, { metric: 'throughput' })
    expect(series.map(({ points }) => points.map(({ value }) => value))).toEqual([
      [15_000, 15_010],
      [9_000],
    ])
  })

  test('leaves out oversubscribed arms', () => {
    const arms = entryOf('x', example).findings.map(({ arm }) => arm)
    expect(arms).not.toContain('round-robin ×8')
    expect(arms).toContain('round-robin ×1')
    expect(seriesOf([entryOf('x', example)], { metric: 'throughput', arm: 'nobody' })).toEqual([])
  })
})
