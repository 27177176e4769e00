import type { ResultDocument } from '../src/result/document.ts'
import { metricNames, metrics } from '../src/result/metrics.ts'
import type { Report } from './report.ts'

/** A line an arm and phase, for spreadsheets: base units, each with the edges of its interval or range. */
export const csv: Report = {
  format: 'csv',
  summary: 'a line an arm, for spreadsheets, in base units',
  extension: '.csv',
  render(document) {
    return [heads, ...document.findings.map((finding) => cells(document, finding))]
      .map((line) => `${line.map(field).join(',')}\r\n`)
      .join('')
  },
}

const units = { 'req/s': 'per_s', s: 's', bytes: 'bytes', cpus: 'cpus', fraction: 'fraction' }

const heads = [
  ...['arm', 'target', 'algorithm', 'cores', 'phase', 'validity', 'limited_by', 'at_least'],
  'trials',
  ...metricNames.flatMap((name) => {
    const column = `${snake(name)}_${units[metrics[name].unit]}`
    return [column, `${column}_low`, `${column}_high`]
  }),
]

function cells(document: ResultDocument, finding: ResultDocument['findings'][number]): string[] {
  const arm = document.plan.arms.find(({ name }) => name === finding.arm)
  const { phase, validity, limitedBy, atLeast } = finding
  return [
    finding.arm,
    arm?.target,
    arm?.algorithm,
    arm?.cores,
    phase,
    validity,
    limitedBy,
    atLeast,
    finding.metrics.throughput?.n ?? 0,
    ...metricNames.flatMap((name): (number | string)[] => {
      const summary = finding.metrics[name]
      return summary ? [summary.center, summary.low, summary.high] : ['', '', '']
    }),
  ].map(String)
}

/** RFC 4180, section 2: quoted where it holds a comma, a quote or a line break. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
