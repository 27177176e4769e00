import type { Summary } from '../stats/estimates/summary.ts'
import type { Comparison } from '../stats/tests/comparison.ts'

/** Why a simulated request failed. */
export const failureKinds = ['refused', 'full', 'error', 'timeout', 'unavailable'] as const
export type FailureKind = (typeof failureKinds)[number]

/** Metrics of an algorithm, each from one value a replication. Times in seconds from arrival to response. */
export const simulatedMetrics = ['mean', 'p50', 'p99', 'p99.9'] as const
export type SimulatedMetric = (typeof simulatedMetrics)[number]

/** The metrics of one replication, behind the warm-up. */
export interface ReplicationFigures {
  readonly mean: number
  readonly p50: number
  readonly p99: number
  readonly 'p99.9': number
  /** Requests, and those of them that failed. */
  readonly requests: number
  readonly failed: number
}

/** What one algorithm did in a world. */
export interface AlgorithmResult {
  readonly name: string
  readonly algorithm: string
  /** The estimates of the metrics; absent where no request succeeded. */
  readonly metrics: Readonly<Record<SimulatedMetric, Summary>> | undefined
  /** One entry for each replication. */
  readonly replications: readonly ReplicationFigures[]
  /** Fraction of each replication that was cut as its warm-up. */
  readonly warmup: number
  /** False where the times still grew, or fell, when half of a replication was over. */
  readonly isSteady: boolean
  /** Fraction of the attempts that each backend got. */
  readonly shares: readonly number[]
  /** Mean number of requests in the system (time average), and the longest queue of one backend. */
  readonly inSystem: number
  readonly longestQueue: number
  /** Fraction of the requests that failed, by reason. */
  readonly failures: Readonly<Record<FailureKind, number>>
  /** Attempts for each request. */
  readonly attempts: number
  /** Fraction of the lookups in caches that were hits; undefined without caches. */
  readonly hits: number | undefined
}

/** An algorithm beside the best one, by one metric, in pairs of replications with the same requests. */
export interface BesideBest {
  readonly name: string
  /** How many times the metric of the best; undefined where it cannot be compared. */
  readonly comparison: Comparison | undefined
}

/** The result of a simulation. */
export interface Simulation {
  readonly algorithms: readonly AlgorithmResult[]
  /** Requests per second in the long run, and what the backends could serve; infinity where one has no limit. */
  readonly rate: number
  readonly capacity: number
  /** Rate ÷ capacity. From 1 on queues grow without end. */
  readonly load: number
  readonly seed: number
  readonly margin: number
}

/** A cell of a map: one load, one heterogeneity. */
export interface MapCell {
  /** Rate ÷ capacity. */
  readonly load: number
  /** How many times slower the slowest backend is than the fastest. */
  readonly heterogeneity: number
  /** The metric of each algorithm in seconds, by name. */
  readonly values: Readonly<Record<string, number>>
  readonly best: string
  /** Algorithms that are not shown to be worse, the best one included. */
  readonly asGood: readonly string[]
  /** Whether no algorithm is shown to be worse than the best. */
  readonly isNoDifference: boolean
}

/** Load × heterogeneity → best algorithm. */
export interface SimulationMap {
  readonly metric: SimulatedMetric
  readonly loads: readonly number[]
  readonly heterogeneities: readonly number[]
  readonly algorithms: readonly string[]
  readonly cells: readonly MapCell[]
}

/** A complete result of `lb simulate`. It has no date: the same command gives the same bytes. */
export interface SimulationDocument {
  readonly format: 'lb-simulation'
  readonly version: 1
  /** Nothing in it was measured. */
  readonly simulated: true
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  readonly scenario: string
  readonly seed: number
  /** The world in words: backends, arrivals, clients. */
  readonly world: readonly string[]
  readonly replications: number
  /** Requests of each replication. */
  readonly requests: number
  /** How far the simulator was held against real runs for this load. */
  readonly validation: 'not validated for this load'
  readonly result: Simulation | undefined
  readonly rankings: readonly Ranking[]
  readonly map: SimulationMap | undefined
}

/** The best algorithm by a metric, and how the others compare with it. */
export interface Ranking {
  readonly metric: SimulatedMetric
  readonly best: string
  /** Algorithms that are not shown to be worse than the best, by more than the margin, itself included. */
  readonly asGood: readonly string[]
  /** All others, in order of the metric. */
  readonly others: readonly BesideBest[]
}
