import { UsageError } from '../kit/errors.ts'
import { type Objective, objectiveText } from '../plan/objective.ts'
import type { ObjectiveOutcome } from '../result/choice.ts'
import {
  type AlgorithmResult,
  type ReplicationFigures,
  type SimulatedMetric,
  simulatedMetrics,
} from '../result/simulation.ts'

/**
 * The simulated metric that an objective limits; p99 for an objective of errors.
 *
 * @throws {UsageError} the simulation does not have that percentile
 */
export function metricOf(objective: Objective): SimulatedMetric {
  if (objective.kind === 'errors') return 'p99'
  const metric = simulatedMetrics.find((name) => name === `p${objective.percent}`)
  if (metric !== undefined) return metric
  throw new UsageError(
    `a simulation does not have the percentile of ${objectiveText(objective)}`,
    "use p50, p99 or p99.9, such as --slo 'p99<20ms', or --slo 'errors<0.1%'",
  )
}

/**
 * Whether an algorithm meets an objective: decided where the interval of the percentile, or the range of the replications' errors,
 * is on one side of the limit. Without a successful request it is missed, and where the percentile lies among failed requests, which
 * count as slower than all others.
 */
export function outcomeOf(
  objective: Objective,
  { metrics, replications }: AlgorithmResult,
): ObjectiveOutcome {
  if (objective.kind === 'errors') {
    const shares = replications.map(failedShare)
    return sideOf(objective.share, Math.min(...shares), Math.max(...shares))
  }
  if (metrics === undefined || replications.every((one) => isAmongFailed(objective, one))) {
    return 'missed'
  }
  const { low, high } = metrics[metricOf(objective)]
  return sideOf(objective.seconds, low, high)
}

/** Whether one replication meets an objective. */
export function isMetBy(objective: Objective, figures: ReplicationFigures): boolean {
  if (objective.kind === 'errors') return failedShare(figures) < objective.share
  return !isAmongFailed(objective, figures) && figures[metricOf(objective)] < objective.seconds
}

/** Whether so many requests failed that the percentile is that of a failed one. */
function isAmongFailed(
  { percent }: Extract<Objective, { kind: 'percentile' }>,
  figures: ReplicationFigures,
): boolean {
  return failedShare(figures) > 1 - percent / 100
}

function failedShare({ failed, requests }: ReplicationFigures): number {
  return failed / requests
}

function sideOf(limit: number, low: number, high: number): ObjectiveOutcome {
  if (high < limit) return 'met'
  return low >= limit ? 'missed' : 'not decided'
}
