import { stageEdges } from '../../plan/load/curve.ts'
import type { Stage } from '../../plan/load/load-plan.ts'
import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import type { LoadSample, SampleCounts } from '../../result/load-sample.ts'
import type { ThresholdOutcome } from '../../result/schemas/threshold-outcome.ts'
import { decode, type Histogram } from '../../stats/histogram/histogram.ts'
import type { Decision } from '../thresholds/threshold-decision.ts'
import { allowedFraction, needsTimes } from '../thresholds/threshold-tally.ts'
import { unitOf } from '../thresholds/total-decision.ts'
import { type CustomMetric, customDecision } from './custom-metric-decision.ts'
import { thresholdJudge } from './threshold-judge.ts'

/** Follows the thresholds of a load test while it runs. */
export interface ThresholdWatch {
  /** Adds a sample of all drivers, merged. */
  add(sample: LoadSample): void
  /** What is known of each so far; intervals are valid however often they are looked at. */
  soFar(): ThresholdOutcome[]
  /** What is found in the end. */
  outcomes(ended?: EndedRun): ThresholdOutcome[]
  /** The threshold that ends the run; undefined while none does. */
  readonly stoppedBy: LoadThreshold | undefined
}

/** What else is known of a run that is over. */
export interface EndedRun {
  /** Indexes of the stages that were not sent as planned. */
  readonly invalidStages?: readonly number[]
  /** Whether the run ended before its plan, so that its stages are not to blame for it. */
  readonly isCutShort?: boolean
  /** Seconds that it took (default: those of its stages). */
  readonly seconds?: number
  /** The metrics of the user's own code. */
  readonly metrics?: Readonly<Record<string, CustomMetric>>
}

/** The stages of a plan. */
interface LoadStages {
  readonly stages: readonly Stage[]
}

/** Follows the thresholds of a plan with these stages. */
export function watchThresholds(
  thresholds: readonly LoadThreshold[],
  { stages }: LoadStages,
): ThresholdWatch {
  const edges = stageEdges(stages).map((seconds) => seconds * 1e3)
  const planned = (edges.at(-1) ?? 0) / 1e3
  const spans = stages.map((_, stage) => ({
    ...{ stage, fromMs: edges[stage] as number, toMs: edges[stage + 1] as number },
  }))
  const among = Math.max(1, thresholds.filter(({ abort }) => abort).length)
  const judged = thresholds.map((threshold) => ({
    threshold,
    judge: thresholdJudge(
      threshold,
      spans.filter(({ stage }) => threshold.stages?.includes(stage) ?? true),
      among,
    ),
  }))
  const isTimed = thresholds.some(needsTimes)

  const outcomeOf = (threshold: LoadThreshold, found: Decision): ThresholdOutcome => ({
    ...{ threshold: threshold.text, unit: unitOf(threshold) },
    limit: limitOf(threshold),
    ...found,
  })

  return {
    add(sample) {
      const decoded = new Map<SampleCounts, Histogram>()
      const timesOf = (counts: SampleCounts) => {
        if (!isTimed || counts.latency === '') return undefined
        const known = decoded.get(counts) ?? decode(counts.latency)
        decoded.set(counts, known)
        return known
      }
      for (const { judge } of judged) judge.add(sample, timesOf)
    },
    soFar: () =>
      judged.map(({ threshold, judge }) =>
        outcomeOf(threshold, judge.decision({ whileRunning: true })),
      ),
    outcomes: ({ invalidStages = [], isCutShort = false, metrics = {}, seconds = planned } = {}) =>
      judged.map(({ threshold, judge }) => {
        const found =
          threshold.metric === undefined
            ? judge.decision({ whileRunning: false })
            : customDecision(threshold, metrics[threshold.metric], seconds)
        const isInvalid = invalidStages.some((stage) => threshold.stages?.includes(stage) ?? true)
        return outcomeOf(threshold, isInvalid ? withInvalidStage(found, isCutShort) : found)
      }),
    get stoppedBy() {
      return judged.find(({ judge }) => judge.stoppedAtMs !== undefined)?.threshold
    },
  }
}

/** The limit in the unit of the value: of windows of a percentile the fraction of requests that may be beyond it. */
function limitOf(threshold: LoadThreshold): number {
  const isShare = threshold.overSeconds !== undefined && unitOf(threshold) === 'fraction'
  if (!isShare || threshold.quantity.kind === 'checks') return threshold.limit
  return allowedFraction(threshold) ?? threshold.limit
}

/** Of a stage that was not sent as planned; where the run was cut short, a failure still is one, and a pass is none. */
function withInvalidStage(found: Decision, isCutShort: boolean): Decision {
  if (!isCutShort) return { ...found, outcome: 'invalid', why: 'stage-invalid' }
  return found.outcome === 'pass' ? { ...found, outcome: 'inconclusive', why: 'cut-short' } : found
}

/** The outcomes of the thresholds of a plan from all samples of its run. */
export function evaluateThresholds(
  thresholds: readonly LoadThreshold[],
  { stages, samples, ...ended }: LoadStages & EndedRun & { readonly samples: Iterable<LoadSample> },
): ThresholdOutcome[] {
  const watch = watchThresholds(thresholds, { stages })
  for (const sample of samples) watch.add(sample)
  return watch.outcomes(ended)
}
