import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reports } from '../../reports/formats/index.ts'
import { table } from '../../reports/formats/table.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import { goldenDocuments, withReport } from '../support/results/golden-documents.ts'
import { goldenResult } from '../support/results/golden-result.ts'

/** Renderings of a result that was really measured; `npm run golden` writes them anew. */
const folder = join(import.meta.dirname, '../golden')
const document = await goldenResult()

test.for(reports.filter(({ format }) => format !== 'json'))('$format', async (report) => {
  const written = await report.render(document, fileRenderOptions)
  await expect(written).toMatchFileSnapshot(join(folder, `report${report.extension}`))
})

test('json is what was stored', async () => {
  const json = reports.find(({ format }) => format === 'json')
  const stored = readFileSync(join(folder, 'result.json'), 'utf8')
  expect(JSON.parse((await json?.render(document, fileRenderOptions)) ?? '')).toEqual(
    JSON.parse(stored),
  )
})

test.for([
  { name: '80', width: 80, colour: false, unicode: true },
  { name: '60-ascii', width: 60, colour: false, unicode: false },
  { name: '80-colour', width: 80, colour: true, unicode: true },
])('a terminal: $name', async ({ name, ...look }) => {
  await expect(table.render(document, { ...look, full: true })).toMatchFileSnapshot(
    join(folder, `terminal-${name}.txt`),
  )
})

test.for(goldenDocuments)('%s shows that report', (path) => {
  const { current, updated } = withReport(path, document)
  expect(current).toMatch(/^round-robin /m)
  expect(current).toBe(updated)
})
