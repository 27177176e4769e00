import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { marked, type Token, type Tokens } from 'marked'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { csv } from '../../reports/formats/csv.ts'
import { junit } from '../../reports/formats/junit.ts'
import { markdown } from '../../reports/formats/markdown.ts'
import { svg } from '../../reports/formats/svg.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { goldenResult } from '../support/results/golden-result.ts'

// Programs that are not ours read what we write.
const odd = exampleResult()
const name = 'a "very" <odd>, *name* | & more'
for (const one of [odd.plan.arms[0], ...odd.trials.map(({ trial }) => trial)]) {
  if (one && 'name' in one) one.name = name
  else if (one && one.arm === 'round-robin ×1') one.arm = name
}
for (const finding of odd.findings) if (finding.arm === 'round-robin ×1') finding.arm = name

const documents = [
  ['a measured result', await goldenResult()],
  ['an example with every kind of row', exampleResult()],
  ['a name that every format must quote', odd],
] as const

describe.for(documents)('%s', ([, document]) => {
  test('markdown has its tables, with all columns in every row', () => {
    const tokens = marked.lexer(markdown.render(document, fileRenderOptions))
    const tables = tablesOf(tokens)
    expect(tables.length).toBeGreaterThan(0)
    const { findings } = document
    const phases = new Set(findings.map(({ phase }) => phase)).size
    const balanced = new Set(findings.flatMap(({ phase, balance }) => (balance ? phase : []))).size
    // Each phase has its figures, its percentiles and its costs, and the balance where it is known.
    const ofArms = tables.filter(({ header }) => header[0]?.text === 'algorithm')
    expect(ofArms.length).toBe(3 * phases + balanced)
    for (const { header, rows } of tables) {
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row).toHaveLength(header.length)
    }
    const html = marked.parse(markdown.render(document, fileRenderOptions), { async: false })
    expect(html).toContain('<th>algorithm</th>')
    expect(html).not.toContain('<odd>')
  })

  test('csv has a record an arm and phase, and the names come back as they were', () => {
    const records: Record<string, string>[] = parse(csv.render(document, fileRenderOptions), {
      columns: true,
      recordDelimiter: '\r\n',
    })
    expect(records.map(({ arm, phase }) => `${arm} ${phase}`)).toEqual(
      document.findings.map(({ arm, phase }) => `${arm} ${phase}`),
    )
    expect(records.map((one) => Number(one.throughput_per_s))).toEqual(
      document.findings.map(({ metrics }) => metrics.throughput?.center ?? 0),
    )
  })

  test('junit is valid by its schema', async () => {
    const schema = readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8')
    const contents = junit.render(document, fileRenderOptions)
    const { valid, errors } = await validateXML({
      xml: [{ fileName: 'report.xml', contents }],
      schema,
    })
    expect({ valid, errors }).toEqual({ valid: true, errors: [] })
  })

  test('the sheet of charts is well-formed XML', async () => {
    const contents = await svg.render(document, fileRenderOptions)
    const { errors } = await validateXML({
      xml: [{ fileName: 'report.svg', contents }],
      normalization: 'format',
    })
    expect(errors).toEqual([])
  })
})

function tablesOf(tokens: readonly Token[]): Tokens.Table[] {
  return tokens.filter((token): token is Tokens.Table => token.type === 'table')
}
