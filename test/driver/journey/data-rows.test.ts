import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataRows } from '../../../src/driver/journey/data-rows.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { DataFile } from '../../../src/plan/load/load-plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'lb-rows-'))
const csv = join(folder, 'a.csv')
writeFileSync(csv, '\uFEFFid,text\r\n1,"a, b"\r\n\r\n2,"x\ny"\r\n3,c')
const lines = join(folder, 'a.jsonl')
writeFileSync(lines, '{"id":1,"on":true}\n{"id":2}\n')

function taken(file: DataFile, times: number, place = { driver: 0, drivers: 1 }) {
  const rows = dataRows(file, place, seeded(3))
  const found = Array.from({ length: times }, () => rows.take())
  rows.close()
  return found
}

const ids = (file: DataFile, times: number, place?: { driver: number; drivers: number }) =>
  taken(file, times, place).map((row) => row?.id)

test('rows in their order, again from the first, or each once', () => {
  expect(taken({ file: csv, format: 'csv', order: 'sequential' }, 2)).toEqual([
    { id: '1', text: 'a, b' },
    { id: '2', text: 'x\ny' },
  ])
  expect(ids({ file: csv, format: 'csv', order: 'sequential' }, 5)).toEqual([
    '1',
    '2',
    '3',
    '1',
    '2',
  ])
  expect(ids({ file: csv, format: 'csv', order: 'once' }, 5)).toEqual([
    '1',
    '2',
    '3',
    undefined,
    undefined,
  ])
  expect(taken({ file: lines, format: 'jsonl', order: 'once' }, 2)).toEqual([
    { id: '1', on: 'true' },
    { id: '2' },
  ])
})

test('drivers take rows in turn', () => {
  const file: DataFile = { file: csv, format: 'csv', order: 'once' }
  expect(ids(file, 3, { driver: 0, drivers: 2 })).toEqual(['1', '3', undefined])
  expect(ids(file, 2, { driver: 1, drivers: 2 })).toEqual(['2', undefined])
})

test('random rows of a file of several blocks are all drawn about as often, whatever their length', () => {
  const file = join(folder, 'large.csv')
  const count = 40_000
  const row = (i: number) => `${i % 4},${'x'.repeat(i % 4 === 0 ? 90 : 10)}\n`
  writeFileSync(file, `id,pad\n${Array.from({ length: count }, (_, i) => row(i)).join('')}`)
  const found = ids({ file, format: 'csv', order: 'random' }, 2000)
  for (const id of ['0', '1', '2', '3']) {
    // Five standard deviations of a binomial of 2,000 draws.
    expect(Math.abs(found.filter((one) => one === id).length - 500)).toBeLessThan(97)
  }
})

test.for(['sequential', 'random'] as const)(
  'memory does not grow with a file of %s rows',
  (order) => {
    const file = join(folder, `long-${order}.csv`)
    const [rows, mebibytes] = ['1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n'.repeat(32_768), 24]
    writeFileSync(file, `id,text\n${rows}`)
    for (let i = 1; i < mebibytes; i++) appendFileSync(file, rows)
    const before = process.memoryUsage().arrayBuffers
    const opened = dataRows({ file, format: 'csv', order }, { driver: 0, drivers: 1 }, seeded(3))
    for (let i = 0; i < 50_000 && (order === 'sequential' || i < 50); i++) opened.take()
    const grown = process.memoryUsage().arrayBuffers - before
    opened.close()
    expect(grown).toBeLessThan(2 ** 21)
  },
)
