import { describe, expect, test } from 'vitest'
import { reports } from '../../../reports/formats/index.ts'
import type { ResultDocument, Summary } from '../../../src/result/document.ts'
import { resultText } from '../../../src/result/text.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const look = { width: undefined, colour: false, unicode: true, full: true }
const arm = 'round-robin ×1'
const ratio: Summary = {
  center: 1.102,
  low: 1.083,
  high: 1.12,
  estimator: 'pseudo-median',
  interval: 'confidence',
  confidence: 0.95,
  n: 5,
  warnings: [],
}

/** The example, held against a stored run: dearer by 10 %, and forced though the hosts differed. */
const against = exampleResult({
  baseline: {
    file: 'base.json',
    createdAt: '2026-02-28T12:00:00.000Z',
    lb: '0.1.0',
    differences: [{ code: 'plan-differs', values: { field: 'connections' } }],
  },
  comparisons: [
    {
      ...{ metric: 'cpuPerRequest', phase: 'capacity', arm, base: arm, baseValue: 59e-6 },
      ...{ ratio, margin: 0.03, outcome: 'worse', p: 0.008 },
    },
    ...exampleResult().comparisons,
  ],
  gates: [
    {
      ...{ rule: 'cpu>+5%', arm, metric: 'cpuPerRequest', state: 'fail', threshold: 'change' },
      strict: false,
      reasons: [
        {
          code: 'measured-change',
          values: {
            ...{ metric: 'cpuPerRequest', center: 1.102, low: 1.083, high: 1.12 },
            confidence: 0.95,
          },
        },
      ],
    },
    {
      ...{
        rule: 'p99>20ms',
        arm,
        metric: 'latencyP99',
        state: 'inconclusive',
        threshold: 'absolute',
      },
      ...{ strict: false, reasons: [{ code: 'around-threshold', values: {} }] },
    },
  ],
  warnings: [],
})

const render = async (format: string, document: ResultDocument = against, width?: number) =>
  (await reports.find((one) => one.format === format)?.render(document, { ...look, width })) ?? ''

test('every format says what was compared, how it came out, and that it was forced', async () => {
  for (const { format } of reports) {
    const text = await render(format)
    expect(text, format).toMatch(/differ in connections|"field": "connections"/)
    expect(text, format).toMatch(/1\.102|\+10 %|10 % more/)
  }
})

describe('in the terminal', async () => {
  test('the comparison comes before the arms, with both figures, change and outcome', async () => {
    const text = await render('table')
    expect(text).toContain(
      'The gate failed: cpu>+5% of round-robin ×1 (0 of 2 checks passed, 1 inconclusive).',
    )
    expect(text).toMatch(
      /round-robin ×1 +CPU per request +59\.0 µs +65\.0 µs +\+10 % +\+8\.3 … \+12 % +worse/,
    )
    expect(text.indexOf('Compared with base.json')).toBeLessThan(text.indexOf('Capacity: '))
  })

  test('it fits 80 and 60 columns: what gives way is the interval, then the figures', async () => {
    for (const width of [80, 60]) {
      const rows = (await render('table', against, width)).split('\n')
      expect(Math.max(...rows.map((line) => line.length))).toBeLessThanOrEqual(width)
      expect(rows.join('\n')).toMatch(/CPU per request.*\+10 %.*worse/)
    }
  })
})

test('markdown begins with the gate, and has the comparison as a table', async () => {
  const text = await render('markdown')
  expect(text.split('\n')[2]).toMatch(
    /^❌ The gate failed: cpu&gt;\+5% of round-robin ×1 \(0 of 2 checks passed/,
  )
  expect(text).toMatch(
    /\| round-robin ×1 \| CPU per request \| +59\.0 µs \| +65\.0 µs \| +\+10 % \|/,
  )
})

test('junit fails the gate that failed, and skips an inconclusive one unless that fails too', async () => {
  expect(await render('junit')).toContain(
    '<testsuite name="gates" tests="2" failures="1" errors="0" skipped="1"',
  )
  const strict = { ...against, gates: against.gates.map((gate) => ({ ...gate, strict: true })) }
  expect(await render('junit', strict)).toContain('<testsuite name="gates" tests="2" failures="2"')
})

test('csv has the ratio to the baseline beside the figures', async () => {
  const [head = '', line = ''] = (await render('csv')).split('\r\n')
  const cells = Object.fromEntries(head.split(',').map((name, i) => [name, line.split(',')[i]]))
  expect(cells).toMatchObject({
    arm,
    compared_with: 'baseline',
    cpu_per_request_ratio: '1.102',
    cpu_per_request_ratio_low: '1.083',
    cpu_per_request_outcome: 'worse',
    gates_failed: 'cpu>+5%',
    gates_inconclusive: 'p99>20ms',
    baseline: 'base.json',
  })
})

test('a document with a baseline is stored and read as it is', async () => {
  expect(JSON.parse(resultText(against))).toEqual(against)
})

test('in a duel the sides keep apart, and the head is held against the base', async () => {
  const plain = exampleResult()
  const [one, two] = plain.plan.arms as [(typeof plain.plan.arms)[0], (typeof plain.plan.arms)[0]]
  const arms = [
    { ...one, variant: { side: 'base' as const, commit: 'abcdef0123456789' } },
    { ...two, algorithm: 'round-robin', variant: { side: 'head' as const } },
  ]
  const comparisons = plain.comparisons.map((same) => ({ ...same, arm: two.name, base: one.name }))
  const text = await render('table', { ...plain, plan: { ...plain.plan, arms }, comparisons })
  expect(text).toContain('Compared with base (abcdef012345)')
  expect(text).toMatch(/base round-robin/)
  expect(text).toMatch(/head round-robin/)
  expect(text).not.toContain('throughput on')
})
