import type { Phase } from '../plan/plan.ts'
import type { MetricName } from '../result/metrics.ts'
import { type ChangePoint, changePoints } from '../stats/series/change-points.ts'
import type { HistoryEntry } from './history-entry.ts'

/** One metric of one arm in one phase, over the runs of one scenario on one host, oldest first. */
export interface Series {
  readonly scenario: string
  readonly arm: string
  readonly phase: Phase
  readonly fingerprint: string
  readonly cpuModel: string
  readonly points: readonly {
    readonly id: string
    readonly createdAt: string
    readonly value: number
  }[]
  /** Level shifts, by the index of the first point at the new level. */
  readonly changes: readonly ChangePoint[]
}

/** Which metric to plot; without an arm or a scenario, one series for each. */
export interface SeriesOptions {
  readonly metric: MetricName
  readonly arm?: string | undefined
  readonly scenario?: string | undefined
}

/**
 * A metric over time, with its level shifts (Hunter's procedure, see `changePoints`). Each scenario and host is a
 * series of its own, because a difference between two of them is not a change of the arm.
 */
export function seriesOf(entries: readonly HistoryEntry[], options: SeriesOptions): Series[] {
  const { metric, arm, scenario } = options
  const points = entries.flatMap(({ findings, ...entry }) =>
    findings.flatMap((found) => {
      const value = found.metrics[metric]
      const wanted =
        (arm ?? found.arm) === found.arm && (scenario ?? entry.scenario) === entry.scenario
      return value === undefined || !wanted ? [] : [{ ...entry, ...found, value }]
    }),
  )
  const groups = Map.groupBy(points, ({ scenario, arm, phase, fingerprint }) =>
    JSON.stringify([scenario, arm, phase, fingerprint]),
  )
  return [...groups.values()].map((group) => {
    const [{ scenario, arm, phase, fingerprint, cpuModel }] = group as [(typeof group)[0]]
    return {
      ...{ scenario, arm, phase, fingerprint, cpuModel },
      points: group.map(({ id, createdAt, value }) => ({ id, createdAt, value })),
      changes: changePoints(group.map(({ value }) => value)),
    }
  })
}
