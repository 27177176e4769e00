import { expect, test } from 'vitest'
import { csv } from '../../reports/formats/csv.ts'
import { reports } from '../../reports/formats/index.ts'
import { json } from '../../reports/formats/json.ts'
import { exampleResult } from '../support/results/example-result.ts'

const look = { width: undefined, colour: false, unicode: true }
const example = exampleResult()

test.for(reports)('$format is pure: the same document gives the same text', async (report) => {
  const before = structuredClone(example)
  const text = await report.render(example, look)
  expect(await report.render(example, look)).toBe(text)
  expect(example).toEqual(before)
  expect(text.endsWith('\n')).toBe(true)
})

test.for(reports)(
  '$format can be made of a run that was stopped before its first trial',
  async (report) => {
    const nothing = { trials: [], findings: [], comparisons: [], curves: [], complete: false }
    expect(await report.render(exampleResult(nothing), look)).toBeTruthy()
  },
)

test('formats have names and file extensions of their own', () => {
  expect(new Set(reports.map(({ format }) => format)).size).toBe(reports.length)
  expect(new Set(reports.map(({ extension }) => extension)).size).toBe(reports.length)
})

test('json is the whole document', () => {
  expect(JSON.parse(json.render(example, look))).toEqual(example)
})

test('csv has a line an arm, in base units, and the edges beside each figure', () => {
  const [head = '', ...lines] = csv.render(example, look).trimEnd().split('\r\n')
  const heads = head.split(',')
  expect(lines).toHaveLength(example.findings.length)
  const cells = Object.fromEntries(heads.map((name, i) => [name, lines[2]?.split(',')[i]]))
  const { throughput, latencyP99 } = example.findings[2]?.metrics ?? {}
  expect(cells).toMatchObject({
    arm: 'round-robin ×2',
    cores: '2',
    validity: 'valid',
    bottleneck: 'driver',
    is_lower_bound: 'true',
    trials: '5',
    throughput_per_s: String(throughput?.center),
    latency_p99_s_high: String(latencyP99?.high),
  })
})

test('csv quotes what would break a line', () => {
  const plan = structuredClone(example.plan)
  const findings = structuredClone(example.findings).slice(0, 1)
  const name = 'a "very", odd name'
  Object.assign(plan.arms[0] as object, { name })
  Object.assign(findings[0] as object, { arm: name })
  expect(csv.render({ ...example, plan, findings }, look)).toContain(
    '\r\n"a ""very"", odd name",reference,round-robin,1,',
  )
})
