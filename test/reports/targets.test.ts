import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csv } from '../../reports/formats/csv.ts'
import { reports } from '../../reports/formats/index.ts'
import { junit } from '../../reports/formats/junit.ts'
import { table } from '../../reports/formats/table.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import { type ResultDocument, resultDocument } from '../../src/result/document.ts'
import { exampleResult } from '../support/results/example-result.ts'

const look = { width: 80, colour: false, unicode: true, full: true }
const example = exampleResult()
const [first = example.plan.arms[0] as ResultDocument['plan']['arms'][number]] = example.plan.arms
const unfair = 'it compresses (gzip on is set)'
const differs = 'status is 502, and 200 without the target'

/** A run of which one arm was skipped, and one target answers otherwise. */
const document: ResultDocument = resultDocument.parse({
  ...example,
  plan: {
    ...example.plan,
    arms: example.plan.arms.map((arm) => ({ ...arm, target: 'nginx' })),
    skipped: [
      {
        target: 'caddy',
        algorithm: 'peak-ewma',
        reason: { code: 'algorithm-missing', values: {} },
      },
    ],
  },
  targets: [
    {
      ...{ target: 'nginx', version: '1.22.1' },
      configWarnings: [{ code: 'config-compresses', values: { setting: 'gzip on', state: 'set' } }],
      responseDifferences: [
        { code: 'response-field', values: { field: 'status', through: '502', direct: '200' } },
      ],
    },
  ],
})

const withoutDrawing = reports.filter(({ format }) => format !== 'svg')

test.for(withoutDrawing)(
  '$format names what was skipped, why, and what does not compare',
  async (report) => {
    const text = await report.render(document, fileRenderOptions)
    for (const said of [
      /caddy[ _-]?peak-ewma|"peak-ewma"/,
      /does not have this algorithm|algorithm-missing/,
      /gzip on/,
    ]) {
      expect(text).toMatch(said)
    }
    expect(text).toMatch(/status is 502|"through": "502"/)
    if (report.format !== 'junit') expect(text).toContain('1.22.1')
  },
)

test('junit counts a skipped arm as skipped', () => {
  const text = junit.render(document, fileRenderOptions)
  expect(text).toContain('<testsuite name="arms" tests="5" failures="0" errors="0" skipped="1"')
  expect(text).toContain('<skipped message="the target does not have this algorithm"/>')
})

test('csv has a line for it without a phase, and what is known of each target', () => {
  const records: Record<string, string>[] = parse(csv.render(document, fileRenderOptions), {
    columns: true,
    recordDelimiter: '\r\n',
  })
  expect(records.at(-1)).toMatchObject({
    arm: 'caddy peak-ewma',
    target: 'caddy',
    phase: '',
    validity: 'skipped',
    throughput_per_s: '',
    notes: 'the target does not have this algorithm',
  })
  expect(records[0]).toMatchObject({
    target_version: '1.22.1',
    config_warnings: unfair,
    response_differences: differs,
  })
})

test('a terminal shows what each backend got, and what the slow one did', () => {
  const [found, ...rest] = example.findings as [ResultDocument['findings'][number]]
  const slowest = { backends: [2], share: 1 / 3, shareBySpeed: 1 / 9 }
  const balance = {
    basis: 'equal shares' as const,
    fairness: 0.99,
    maxDeviation: 0.1,
    slowest,
  }
  const findings = [{ ...found, perBackend: [110, 100, 90], balance }, ...rest]
  const text = table.render({ ...example, findings }, look)
  expect(text).toContain('Balance at capacity: share of each backend')
  expect(text).toMatch(/^round-robin +1 +36\.7 33\.3 30\.0 +equal +10 % +0\.990$/m)
  expect(text).toMatch(/^round-robin +1 +33 % +\d.* 0 µs$/m)
  expect(text).toContain('Backend 3: slowest; in proportion to speed the share would be 11 %.')
  const wide = text.split('\n').filter((line) => line.length > 80)
  expect(wide).toEqual([])
  expect(first.algorithm).toBe('round-robin')
})

test('of many backends the least and the greatest share are shown', () => {
  const [found] = example.findings as [ResultDocument['findings'][number]]
  const balance = { basis: 'equal shares' as const, fairness: 1, maxDeviation: 0 }
  const findings = [{ ...found, perBackend: [1, 2, 3, 2, 2], balance }]
  expect(table.render({ ...example, findings }, fileRenderOptions)).toContain('10.0 … 30.0')
})
