import { parse } from 'csv-parse/sync'
import { describe, expect, test, vi } from 'vitest'
import { draw } from '../../../reports/charts/draw.ts'
import { chartsOf } from '../../../reports/charts/index.ts'
import { csv } from '../../../reports/formats/csv.ts'
import { html } from '../../../reports/formats/html.ts'
import { reports } from '../../../reports/formats/index.ts'
import { markdown } from '../../../reports/formats/markdown.ts'
import { table } from '../../../reports/formats/table.ts'
import { summaryOf } from '../../../reports/sections/summary.ts'
import { exampleResult } from '../../support/results/example-result.ts'
import { faultyResult } from '../../support/results/fault-result.ts'

const look = { width: 80, colour: false, unicode: true, full: true }
const once = faultyResult()

describe('the table', () => {
  test('holds target beside target for each fault, within 80 columns', () => {
    const text = table.render(once, look)
    expect(text).toContain('A  at 3 s, for 3 s: backend 2 is killed')
    expect(text).toContain('B  at 14 s, for 2 s: backend 1 is ×10 slower')
    expect(text).toMatch(/^A {2}round-robin ×1 +28 +0\.4 +4\.3 +0 of 33\.3 +∞$/m)
    expect(text).toMatch(/^A {2}nginx round-robin ×1 +0 +<0\.1 +12\.0 +0 of 33\.3 +∞$/m)
    expect(text).toMatch(/^B {2}round-robin ×1 +0 +never +<0\.1 +33\.3 of 33\.3 +90\.0$/m)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('says the range of several trials below their middle', () => {
    const lines = table.render(faultyResult(3), look).split('\n')
    const at = lines.findIndex((line) => line.startsWith('A  round-robin ×1'))
    expect(lines[at]).toMatch(/35 +0\.5 +4\.3/)
    expect(lines[at + 1]).toMatch(/^ +28…42 +0\.4…0\.6/)
  })

  test('draws the course of each window, a cell half a second, with the faults that lasted', () => {
    const lines = table.render(once, look).split('\n')
    const from = lines.lastIndexOf('round-robin ×1')
    expect(lines.slice(from + 1, from + 8)).toEqual([
      `             ······AAAAAA················BBBB········`,
      `  succeeded  ${'█'.repeat(40)} 1,000/s`,
      `  failed     ${' '.repeat(6)}█${' '.repeat(33)} 56/s`,
      expect.stringMatching(/^ {2}p99 {8}▁{6}××▁+█{4}▁+ 10\.0 to 90\.0 ms$/),
      expect.stringMatching(/^ {2}backend 1 /),
      expect.stringMatching(/^ {2}backend 2 {2}▆{6} {14}.*▆ 50\.0 %$/),
      expect.stringMatching(/^ {2}backend 3 /),
    ])
  })

  test('can be shown by a terminal without UTF-8, and by a narrow one', () => {
    const plain = table.render(once, { ...look, unicode: false })
    expect(plain).not.toMatch(/[^\n -~]|\?/)
    const narrow = table.render(once, { ...look, width: 60 })
    expect(narrow).toContain('A  round-robin ×1')
    expect(narrow).not.toMatch(/^fault, algorithm.*share/m)
  })
})

describe('the summary', () => {
  test('says with whom clients saw the fewest failures, and what was noticed', () => {
    expect(summaryOf(once)).toContain(
      'Fewest failed requests under 2 faults: 0 with nginx round-robin, 28 with round-robin; one trial each gives no error estimate. Every arm took the backend out after: A (kill). No arm reacted to: B (slow).',
    )
    expect(summaryOf(faultyResult(3))).toContain('35 with round-robin; medians of 3 trials')
  })

  test('speaks of one target alone as of one', () => {
    const findings = once.findings.slice(0, 1)
    expect(summaryOf({ ...once, findings })).toContain(
      '28 requests failed under 2 faults with round-robin. Took the backend out after: A (kill). Did not react to: B (slow).',
    )
  })
})

test('markdown has the same table, and the courses as text', () => {
  const text = markdown.render(once, look)
  expect(text).toMatch(
    /^\| A {2}round-robin ×1 +\| +28 \| +0\.4 \| +4\.3 \| +0 of 33\.3 \| +∞ \|$/m,
  )
  expect(text).toContain('·AAAAAA·')
})

test('the page has the table and a chart of each target', async () => {
  const text = await html.render(once, look)
  expect(text).toContain('aria-label="Faults: failed requests, and reaction of the target"')
  expect(text).toContain('<h3>Faults: nginx round-robin ×1</h3>')
  expect(text).toMatch(
    /<h1>Fewest failed requests .*?<figure id="faults-round-robin-1">.*?<h2>Faults<\/h2>/s,
  )
})

test('a chart says each figure, and Vega-Lite has nothing to warn about', async () => {
  const warn = vi.spyOn(console, 'warn')
  const charts = chartsOf(once).filter(({ name }) => name.startsWith('faults-'))
  expect(charts.map(({ name }) => name)).toEqual([
    'faults-round-robin-1',
    'faults-nginx-round-robin-1',
  ])
  const [{ svg } = { svg: '' }] = await draw(charts, 'page')
  expect(warn.mock.calls).toEqual([])
  const said = [...svg.matchAll(/class="datum"[^>]*? aria-label="([^"]*)"/g)].map(
    ([, text]) => text,
  )
  expect(said).toContain('failed, 3.4 s: 35 req/s')
  expect(said).toContain('p99, 14.5 s: 90.0 ms')
  expect(said).toContain('backend 2, 3.8 s: 0 %')
  // The fourth second has no p99: its requests had no answer.
  expect(said.filter((text) => text?.startsWith('p99, '))).toHaveLength(19)
})

test('a chart names each line once, and joins nothing across a gap', async () => {
  const charts = chartsOf(once).filter(({ name }) => name.startsWith('faults-'))
  const [{ svg } = { svg: '' }] = await draw(charts, 'file')
  for (const name of ['succeeded', 'failed', 'backend 1', 'backend 2', 'backend 3']) {
    expect(svg.split(`>${name}</text>`), name).toHaveLength(2)
  }
  // Answered and failed, the p99 before and after the fourth second, and three backends.
  expect(svg.match(/ stroke-width="1\.6"/g)).toHaveLength(7)
})

test('csv has a line for each fault of each arm behind those of the arms', () => {
  const rows = parse(csv.render(once, look), { columns: true }) as Record<string, string>[]
  expect(rows).toHaveLength(2 + 4)
  expect(rows[2]).toMatchObject({
    arm: 'round-robin ×1',
    phase: 'latency',
    fault_kind: 'kill',
    fault_backend: '2',
    failed: '28',
    max_p99_s: 'never',
  })
  expect(Number(rows[2]?.detected_s)).toBeCloseTo(0.399)
  expect(rows[0]).toMatchObject({ arm: 'round-robin ×1', fault_kind: '' })
})

test.for(reports)('$format says nothing of faults where there are none', async (report) => {
  expect(await report.render(exampleResult(), look)).not.toMatch(/[Ff]aults: what|fault_kind/)
})
