import { lexer } from 'marked'
import { expect, test } from 'vitest'
import { remarkWords } from '../../../reports/commands/remark-wordings.ts'
import { reproductionFormats } from '../../../reports/commands/reproduction.ts'
import { reproduce } from '../../../src/experiment/reproduce/reproduce.ts'
import { registry } from '../../../src/experiment/run/plan-for.ts'
import type { RenderOptions } from '../../../src/kit/render-options.ts'
import { documentedTables } from '../../../src/plan/documented/tables.ts'
import { reproductionPlan } from '../../../src/plan/reproduction-plan.ts'
import { measuredResult } from '../../support/results/measured-result.ts'

const documented = await documentedTables(registry)
const plan = reproductionPlan({ documented, overrides: {}, seed: 1, control: registry.control })
const result = measuredResult(plan, {
  cpus: 2,
  behaviours: {
    'round-robin ×1': { throughput: 6_000, memory: 70e6, cpu: 160e-6 },
    'least-connections ×1': { throughput: 5_680, memory: 70e6, cpu: 170e-6 },
    'weighted ×1': { throughput: 5_920, memory: 70e6, cpu: 162e-6 },
    'round-robin ×2': { throughput: 9_000, memory: 90e6, shared: true },
    'round-robin ×4': { throughput: 8_000, memory: 150e6, bottleneck: 'host' },
    'round-robin ×8': { throughput: 7_000, memory: 300e6, bottleneck: 'host' },
    direct: { throughput: 20_000 },
  },
})
const reproduction = reproduce(documented, result)

function text(format: string, look: Partial<RenderOptions> = {}): string {
  const whole: RenderOptions = {
    ...{ width: undefined, colour: false, unicode: true, full: true },
    ...look,
  }
  return reproductionFormats[format]?.(reproduction, result, whole) ?? ''
}

test.for(['table', 'markdown'])('%s contains all four tables and the scaling figure', (format) => {
  const written = text(format)
  for (const { title } of documented.tables) expect(written).toContain(title)
  for (const figure of ['15,000 req/s', '2.5 ms', '45 MB', '35 %', '27,000 req/s']) {
    expect(written).toContain(figure)
  }
  expect(written).toMatch(/6,0\d0 req\/s/)
  expect(written).toMatch(/measured \(95 %/)
})

test.for(['table', 'markdown'])('%s marks and projects rows beyond the host', (format) => {
  const written = text(format)
  expect(written).toMatch(/7,0\d0 req\/s†/)
  expect(written).toMatch(/projected ≤\d[\d,]* req\/s/)
  expect(written).toContain('† Oversubscribed')
})

test.for(['table', 'markdown'])('%s lists where documented figures disagree', (format) => {
  const written = text(format).replaceAll('&gt;', '>')
  expect(written).toContain('Documented figures that contradict each other or their method')
  for (const remark of reproduction.remarks) {
    expect(written.replaceAll('\\', '')).toContain(remarkWords(remark))
  }
})

test('the summary counts the outcomes of the tables', () => {
  const outcomes = reproduction.tables.flatMap(({ rows }) =>
    rows.flatMap(({ trend }) => trend?.outcome ?? []),
  )
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length
  const [agrees, differs, inconclusive] = [count('agrees'), count('differs'), count('inconclusive')]
  expect(text('table')).toContain(
    `Documented trend of ${agrees + differs + inconclusive} rows: ${agrees} agree, ${differs} differ, ${inconclusive} inconclusive; ${count('not judged')} not judged.`,
  )
  // Memory is equal here and documented as 6.7 % and 4.4 % apart.
  expect(differs).toBeGreaterThanOrEqual(2)
})

test('the table fits a terminal of 80 columns, and one without UTF-8', () => {
  const lines = text('table', { width: 80, unicode: false }).split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what ASCII is.
  expect(lines.join('')).toMatch(/^[\x00-\x7f]*$/)
})

test('colour appears only where it is enabled', () => {
  expect(text('table')).not.toContain('\u001b')
  expect(text('table', { colour: true })).toContain('\u001b')
})

test('the markdown holds a table of four columns for each documented one, and a chart', () => {
  const tokens = lexer(text('markdown'))
  const tables = tokens.filter(({ type }) => type === 'table')
  expect(tables).toHaveLength(documented.tables.length)
  for (const table of tables) expect(table).toMatchObject({ header: { length: 4 } })
  const charts = tokens.flatMap((token) => (token.type === 'code' ? [token.text as string] : []))
  expect(charts[0]).toMatch(/^xychart-beta/)
  expect(charts[0]).toMatch(/line \[1\.00, 1\.95, 3\.63, 6\.75\]/)
  expect(charts[0]).toMatch(/bar \[1\.00, 1\.5\d, 0\.00, 0\.00\]/)
})

test('the first paragraph counts the contradictions, and names their laws', () => {
  expect(text('table').replace(/\s+/g, ' ')).toContain(
    "contradict each other or their method in 2 places (duplicate figure, load); they imply facts that they do not state (Little's law, saturation).",
  )
})

test.for([80, 60])('without --full everything fits on one screen of %i columns', (width) => {
  const lines = text('table', { width, full: false }).trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(width === 80 ? 40 : 50)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
})

test('the screen has the count first, every row with its outcome, and the command for the rest', () => {
  const screen = text('table', { width: 80, full: false })
  expect(screen).toMatch(/^lb reproduce {2}The tuning guide: 8 trials/)
  expect(screen).toContain('Documented trend of')
  const rows = reproduction.tables.flatMap((table) => table.rows)
  const lines = screen.split('\n')
  for (const { name, documented, trend } of rows) {
    const line = lines.find((one) => one.includes(`  ${name} `) && one.includes(documented.text))
    expect(line, name).toBeDefined()
    if (trend !== undefined) expect(line).toContain(trend.outcome)
  }
  expect(screen).toMatch(/^Trust +[A-Z]+: /m)
  expect(screen).toMatch(/^Details +lb .*--full/m)
})
