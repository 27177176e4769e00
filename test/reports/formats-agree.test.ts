import { expect, test } from 'vitest'
import { html } from '../../reports/formats/html.ts'
import { markdown } from '../../reports/formats/markdown.ts'
import { table } from '../../reports/formats/table.ts'
import { shown } from '../../reports/sections/footnotes.ts'
import { label } from '../../reports/sections/rows.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import type { Finding, ResultDocument } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { goldenResult } from '../support/results/golden-result.ts'

/** Base units of a unit that a report shows. */
const factors: Readonly<Record<string, number>> = {
  ...{ µs: 1e-6, ms: 1e-3, s: 1, 'µs/req': 1e-6 },
  ...{ MiB: 2 ** 20, GiB: 2 ** 30, 'req/s': 1, '%': 0.01, cores: 1, '': 1 },
}

const documents = [
  { name: 'golden', document: await goldenResult(), page: '' },
  { name: 'example', document: exampleResult(), page: '' },
]
for (const one of documents) one.page = await html.render(one.document, fileRenderOptions)

/** A figure as it is printed: `≥29,800`, `−1.47`, `0`. */
function numberIn(text: string): number {
  return Number(text.replace(/[≥≤ ,]/g, '').replace('−', '-'))
}

/** The figures that a finding may be printed with: its estimates with 3 significant digits. */
function isEstimate(finding: Finding, value: number, unit: string): boolean {
  const factor = factors[unit] ?? 1
  return Object.values(finding.metrics).some(
    ({ center }) => Math.abs(center / factor - value) <= 0.0051 * Math.abs(value),
  )
}

function findingOf(document: ResultDocument, arm: string, phase: string): Finding {
  const found = document.findings.find((one) => one.arm === arm && one.phase === phase)
  if (found === undefined) throw new Error(`no finding of ${arm} in the ${phase} phase`)
  return found
}

test.for(documents)(
  '$name: the tables of the page and the figures of its first screen are the estimates of the document',
  ({ document, page: text }) => {
    const tables = [
      ...text.matchAll(/role="region" aria-label="(Capacity:|Latency (?:at|\())(.*?)<\/table>/gs),
    ]
    expect(tables.length).toBe(document.plan.phases.length)
    for (const [, name, markup = ''] of tables) {
      const phase = name === 'Capacity:' ? 'capacity' : 'latency'
      const head = [...markup.matchAll(/<th scope="col">([^ <]*)(?: <span class="unit">([^<]*))?/g)]
      const rows = [...markup.matchAll(/<tr(?: class="apart")?><th scope="row">.*?<\/tr>/gs)]
      const arms = document.findings.filter((one) => one.phase === phase)
      expect(rows).toHaveLength(arms.length)
      for (const [i, [row]] of rows.entries()) {
        const cells = [...row.matchAll(/<td>([^ <]*)/g)].map(([, cell = '']) => cell)
        const { metrics: estimates } = arms[i] as Finding
        for (const [j, metric] of shown[phase].entries()) {
          const center = estimates[metric]?.center
          const [cell = '', unit = ''] = [cells[j + 1], head[j + 2]?.[2]]
          if (center === undefined) expect(cell).toBe('–')
          else expect(numberIn(cell)).toBeCloseTo(rounded(center / (factors[unit] ?? 1)), 9)
        }
      }
    }
    const tiles = [...text.matchAll(/<b>([^<]*?) <small>([^<]*)<\/small><\/b><span>([^;]*?)(;|<)/g)]
    expect(tiles).toHaveLength(3)
    for (const [, value = '', unit = '', arm = ''] of tiles) {
      const phases = document.findings.filter((one) => one.arm === arm)
      expect(
        phases.some((one) => isEstimate(one, numberIn(value), unit)),
        `${arm}: ${value} ${unit}`,
      ).toBe(true)
    }
  },
)

test.for(documents)(
  '$name: marks of charts have the figures of the tables',
  ({ document, page: text }) => {
    const marks = [
      ...text.matchAll(
        /aria-label="([^":]*?)[†!]?: (?:≥ )?(p\S+)? ?([\d.,]+) (µs|ms|s|req\/s)[",]/g,
      ),
    ]
    expect(marks.length).toBeGreaterThan(4)
    for (const [mark, arm = '', percentile, value = '', unit = ''] of marks) {
      const own = document.findings.filter((one) => one.arm === arm)
      // Those beyond p99.9 are in no table.
      if (own.length === 0 || /^p99\.99/.test(percentile ?? '')) continue
      expect(
        own.some((one) => isEstimate(one, numberIn(value), unit)),
        mark,
      ).toBe(true)
    }
  },
)

test.for(documents)(
  '$name: the throughput beside an arm is the same in page, Markdown and terminal',
  ({ document }) => {
    const { unit } = metrics.throughput
    expect(unit).toBe('req/s')
    const terminal = table.render(document, { width: 140, colour: false, unicode: true })
    const texts = { terminal, markdown: markdown.render(document, fileRenderOptions) }
    for (const arm of document.plan.arms) {
      const finding = findingOf(document, arm.name, 'capacity')
      const figure = rounded(finding.metrics.throughput?.center ?? 0).toLocaleString('en-US')
      for (const [format, text] of Object.entries(texts)) {
        const lines = text.split('\n').filter((line) => line.includes(label(arm)))
        expect(
          lines.some((line) => line.includes(figure)),
          `${figure} of ${arm.name} in ${format}`,
        ).toBe(true)
      }
    }
  },
)

/** 3 significant digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
