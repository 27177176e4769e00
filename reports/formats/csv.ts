import type { Finding, ResultDocument } from '../../src/result/document.ts'
import { gateFailed } from '../../src/result/gate-failed.ts'
import { metricNames, metrics } from '../../src/result/metrics.ts'
import { csvLine } from '../layout/csv-line.ts'
import { faultHeads, faultLines } from '../sections/csv-faults.ts'
import { tuneLines } from '../sections/csv-tune.ts'
import { nodeNames } from '../sections/engine-lines.ts'
import { estimatorNote } from '../sections/estimator-note.ts'
import { reasonLines } from '../sections/reasons.ts'
import { type SkippedArm, skippedName, skippedReason } from '../sections/skipped.ts'
import { noteLines } from '../sections/warnings.ts'
import { type PlainReport, readable } from './report.ts'

type Arm = ResultDocument['plan']['arms'][number]

/**
 * A line an arm and phase, for spreadsheets: base units, each with the edges of its interval or range; then the
 * ratio of each metric to that of the arm it was compared with, the gates, the balance, and the facts of the
 * target. At last a line for each arm that was skipped, without a phase. Under faults, columns and lines of their own
 * follow: one for each fault of each arm.
 */
export const csv: PlainReport = {
  format: 'csv',
  summary: 'one line per arm, for spreadsheets, in base units',
  extension: '.csv',
  render(result) {
    const document = readable(result)
    if (document.tune !== undefined) return tuneLines(document.tune).map(csvLine).join('')
    const skipped = document.plan.skipped ?? []
    const lines = [
      ...document.findings.map((finding) => cells(document, finding)),
      ...skipped.map(skippedCells),
    ]
    return (document.plan.faults ? withFaults(document, lines) : [heads, ...lines])
      .map(csvLine)
      .join('')
  },
}

const units = {
  'req/s': 'per_s',
  s: 's',
  bytes: 'bytes',
  cpus: 'cpus',
  fraction: 'fraction',
  instructions: 'instructions',
}

const heads = [
  ...['arm', 'target', 'algorithm', 'cores', 'phase', 'validity', 'bottleneck', 'is_lower_bound'],
  'trials',
  ...metricNames.flatMap((name) => {
    const column = `${snake(name)}_${units[metrics[name].unit]}`
    return [column, `${column}_low`, `${column}_high`]
  }),
  'compared_with',
  ...metricNames.flatMap((name) =>
    ['ratio', 'ratio_low', 'ratio_high', 'outcome'].map((part) => `${snake(name)}_${part}`),
  ),
  ...['gates_failed', 'gates_inconclusive', 'baseline', 'baseline_differences'],
  ...['requests_per_backend', 'max_deviation_fraction', 'fairness_jain'],
  ...['target_version', 'config_warnings', 'response_differences', 'notes', 'estimators'],
  ...['engine', 'nodes'],
]

/** The lines of the arms, made as wide as those of the faults behind them. */
function withFaults(document: ResultDocument, lines: readonly string[][]): string[][] {
  const blank = (length: number) => Array<string>(length).fill('')
  return [
    [...heads, ...faultHeads],
    ...lines.map((line) => [...line, ...blank(faultHeads.length)]),
    ...faultLines(document).map(({ arm: name, phase, cells: own }) => {
      const arm = document.plan.arms.find((one) => one.name === name)
      const about = [name, arm?.target, arm?.algorithm, arm?.cores, phase].map(String)
      return [...about, ...blank(heads.length - about.length), ...own]
    }),
  ]
}

function cells(document: ResultDocument, finding: Finding): string[] {
  const arm = document.plan.arms.find(({ name }) => name === finding.arm)
  const { phase, validity, bottleneck, isLowerBound } = finding
  return [
    finding.arm,
    arm?.target,
    arm?.algorithm,
    arm?.cores,
    phase,
    validity,
    bottleneck,
    isLowerBound,
    finding.metrics.throughput?.n ?? 0,
    ...metricNames.flatMap((name): (number | string)[] => {
      const summary = finding.metrics[name]
      return summary ? [summary.center, summary.low, summary.high] : ['', '', '']
    }),
    ...comparedCells(document, finding),
    ...gateCells(document, finding),
    document.baseline?.file ?? '',
    reasonLines(document.baseline?.differences ?? []).join('; '),
    ...[finding.perBackend.join(' '), finding.balance?.maxDeviation ?? ''],
    finding.balance?.fairness ?? '',
    ...factCells(document, arm),
    noteLines(document, finding).join('; '),
    estimatorNote([finding], metricNames),
    ...[document.engine?.name ?? 'local', nodeNames(document.engine)],
  ].map(String)
}

/** An arm that could not be measured: its names, and the reason under `notes`. */
function skippedCells(arm: SkippedArm): string[] {
  const known: Readonly<Record<string, string>> = {
    arm: skippedName(arm),
    target: arm.target,
    algorithm: arm.algorithm,
    validity: 'skipped',
    notes: skippedReason(arm),
  }
  return heads.map((head) => known[head] ?? '')
}

function factCells({ targets = [] }: ResultDocument, arm: Arm | undefined): string[] {
  const own = targets.find(
    ({ target, side }) => target === arm?.target && side === arm.variant?.side,
  )
  return [
    own?.version ?? '',
    reasonLines(own?.configWarnings ?? []).join('; '),
    reasonLines(own?.responseDifferences ?? []).join('; '),
  ]
}

function comparedCells({ comparisons }: ResultDocument, { arm, phase }: Finding) {
  const own = comparisons.filter((one) => one.arm === arm && one.phase === phase)
  return [
    [...new Set(own.map(({ base }) => (base === arm ? 'baseline' : base)))].join('; '),
    ...metricNames.flatMap((name): (number | string)[] => {
      // The baseline comes first, where the arm was also compared with another of its run.
      const ofMetric = own.filter(({ metric }) => metric === name)
      const one = ofMetric.find(({ base }) => base === arm) ?? ofMetric[0]
      return one ? [one.ratio.center, one.ratio.low, one.ratio.high, one.outcome] : ['', '', '', '']
    }),
  ]
}

function gateCells({ gates }: ResultDocument, { arm }: Finding): string[] {
  const own = gates.filter((gate) => gate.arm === arm)
  const rules = (some: typeof own) => some.map(({ rule }) => rule).join('; ')
  return [rules(own.filter(gateFailed)), rules(own.filter(({ state }) => state === 'inconclusive'))]
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
