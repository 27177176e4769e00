import { plural } from '../../src/kit/plural.ts'
import { grouped, percent, quantity } from '../../src/kit/units.ts'
import type { ResultDocument, Summary } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { ArmThreshold, VisitStep } from '../../src/result/schemas/visits.ts'
import type { TextTable } from '../layout/text-table.ts'
import { intervalWords, signed } from './comparisons.ts'
import { thresholdDetail } from './load/threshold-text.ts'

type StepOfArm = VisitStep['arms'][number]

/** The steps of visits: the figures of each arm, and how the arms compare by each step; none without visits. */
export function visitStepTables(document: ResultDocument): TextTable[] {
  return [...figures(document), ...comparisons(document)]
}

/** Only the figures of each arm. */
export function visitFigureTables(document: ResultDocument): TextTable[] {
  return figures(document)
}

function figures({ visitSteps = [], plan }: ResultDocument): TextTable[] {
  if (visitSteps.length === 0) return []
  const phase = plan.phases.includes('latency') ? 'latency' : 'capacity'
  return [
    {
      title: `Steps of the visits, ${phase} phase`,
      head: ['step', 'arm', 'requests', 'failed', 'p50', 'p95', 'p99', 'checks failed'],
      rows: visitSteps.flatMap(({ name, arms }) =>
        arms.filter((one) => one.phase === phase).map((one) => [name, ...cells(one)]),
      ),
      notes: [
        phase === 'latency'
          ? 'The first step of a visit counts from when the visit was due, a later one from the end of the one before and its pause. A request that fails a check counts as failed.'
          : 'Each user goes from request to request without pauses. A request that fails a check counts as failed.',
      ],
      dropOrder: [['p95'], ['p95', 'requests'], ['p95', 'requests', 'checks failed']],
    },
  ]
}

function cells({ arm, requests, failed, checks, metrics: found }: StepOfArm): string[] {
  const share = requests === 0 ? '–' : percent(failed / requests)
  const times = ([found.latencyP50, found.latencyP95, found.latencyP99] as const).map(shown)
  return [arm, grouped(requests), share, ...times, checksText(checks)]
}

function shown(summary: Summary | undefined): string {
  return summary === undefined ? '–' : quantity(summary.center, 's')
}

function checksText(checks: StepOfArm['checks']): string {
  const all = Object.values(checks)
  if (all.length === 0) return '–'
  const failed = all.reduce((sum, one) => sum + one.failed, 0)
  const made = failed + all.reduce((sum, one) => sum + one.passed, 0)
  return failed === 0 ? '0' : `${grouped(failed)} of ${grouped(made)}`
}

function comparisons({ visitSteps = [] }: ResultDocument): TextTable[] {
  const rows = visitSteps.flatMap(({ name, comparisons: own }) =>
    own.map((one) => ({ name, ...one })),
  )
  return [...Map.groupBy(rows, ({ base }) => base)].map(([base, all]) => ({
    title: `Steps compared with ${base}`,
    head: ['step', 'arm', 'metric', 'change', 'interval', 'outcome'],
    rows: all.map(({ name, arm, metric, ratio, outcome }) => [
      ...[name, arm, metrics[metric].label],
      ...[signed(ratio.center), intervalWords(ratio), outcome],
    ]),
    notes: [
      'Ratios of the estimates of the latency phase, with intervals from the pairs in each block. The comparisons of one metric by all steps are a family (Holm).',
    ],
    dropOrder: [['interval']],
  }))
}

/** A line for each check that failed at an arm, in the phase of the tables or any other. */
export function failedCheckLines({ visitSteps = [] }: ResultDocument): string[] {
  return visitSteps.flatMap(({ name, arms }) =>
    arms.flatMap(({ arm, phase, checks }) =>
      Object.entries(checks).flatMap(([text, { passed, failed }]) =>
        failed === 0
          ? []
          : [
              `${arm}, ${phase} phase: ${text}, of step ${name}: failed for ${plural(failed, 'response')} of ${grouped(passed + failed)}`,
            ],
      ),
    ),
  )
}

/** A line for each threshold and arm: its outcome, the threshold, the arm, and what was found. */
export function armThresholdLines({
  thresholds = [],
}: Pick<ResultDocument, 'thresholds'>): string[] {
  return thresholds.map(armThresholdLine)
}

/** Thresholds that did not pass, and how many did. */
export function openThresholdLines({
  thresholds = [],
}: Pick<ResultDocument, 'thresholds'>): string[] {
  const open = thresholds.filter(({ outcome }) => outcome !== 'pass')
  const passed = thresholds.length - open.length
  const rest = open.length === 0 ? 'threshold' : 'other threshold'
  return [...open.map(armThresholdLine), ...(passed > 0 ? [`pass: ${plural(passed, rest)}`] : [])]
}

function armThresholdLine(one: ArmThreshold): string {
  return `${one.outcome}: ${one.threshold}, ${one.arm}: ${thresholdDetail(one)}`
}
