import { z } from 'zod'
import { summary } from './schemas/summary.ts'
import { count } from './schemas/values.ts'

/** Why a simulated request failed. */
export const failureKinds = ['refused', 'full', 'error', 'timeout', 'unavailable'] as const
export type FailureKind = (typeof failureKinds)[number]

/** Metrics of an algorithm, each from one value a replication. Times in seconds from arrival to response. */
export const simulatedMetrics = ['mean', 'p50', 'p99', 'p99.9'] as const
export type SimulatedMetric = (typeof simulatedMetrics)[number]

const metric = z.enum(simulatedMetrics)

/** A figure of no request is NaN, for which JSON has null. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN)

/** A figure that may be infinite, for which JSON has null. */
const unlimited = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.POSITIVE_INFINITY)

/** Two algorithms, one metric, in pairs of replications: the comparison of src/stats/tests/comparison.ts. */
export const pairedComparison = z.strictObject({
  /** Other ÷ base. */
  ratio: summary,
  method: z.enum(['signed-rank', 't', 'covariance', 'rank-sum']),
  beside: z.strictObject({ low: z.number(), high: z.number(), confidence: z.number(), p: figure }),
  margin: z.number(),
  outcome: z.enum(['better', 'worse', 'same', 'inconclusive', 'too few trials']),
  p: figure,
  minP: z.number(),
  spread: z.number(),
})

/** The metrics of one replication, behind the warm-up. */
const replicationFigures = z.strictObject({
  mean: figure,
  p50: figure,
  p99: figure,
  'p99.9': figure,
  /** Requests, and those of them that failed. */
  requests: count,
  failed: count,
})
export type ReplicationFigures = z.infer<typeof replicationFigures>

/** What one algorithm did in a world. */
const algorithmResult = z.strictObject({
  name: z.string(),
  algorithm: z.string(),
  /** The estimates of the metrics; absent where no request succeeded. */
  metrics: z.record(metric, summary).optional(),
  /** One entry for each replication. */
  replications: z.array(replicationFigures).readonly(),
  /** Fraction of each replication that was cut as its warm-up. */
  warmup: z.number(),
  /** False where the times still grew, or fell, when half of a replication was over. */
  isSteady: z.boolean(),
  /** Fraction of the attempts that each backend got. */
  shares: z.array(z.number()).readonly(),
  /** Mean number of requests in the system (time average), and the longest queue of one backend. */
  inSystem: figure,
  longestQueue: count,
  /** Fraction of the requests that failed, by reason. */
  failures: z.record(z.enum(failureKinds), z.number()),
  /** Attempts for each request. */
  attempts: z.number(),
  /** Fraction of the lookups in caches that were hits; absent without caches. */
  hits: z.number().optional(),
})
export type AlgorithmResult = z.infer<typeof algorithmResult>

/** The result of a simulation. */
export const simulation = z.strictObject({
  algorithms: z.array(algorithmResult).readonly(),
  /** Requests per second in the long run, and what the backends could serve; infinity where one has no limit. */
  rate: z.number(),
  capacity: unlimited,
  /** Rate ÷ capacity. From 1 on queues grow without end. */
  load: z.number(),
  seed: z.int(),
  margin: z.number(),
})
export type Simulation = z.infer<typeof simulation>

/** An algorithm beside the best one, by one metric, in pairs of replications with the same requests. */
const besideBest = z.strictObject({
  name: z.string(),
  /** How many times the metric of the best; absent where it cannot be compared. */
  comparison: pairedComparison.optional(),
})
export type BesideBest = z.infer<typeof besideBest>

/** The best algorithm by a metric, and how the others compare with it. */
export const ranking = z.strictObject({
  metric,
  best: z.string(),
  /** Algorithms that are not shown to be worse than the best, by more than the margin, itself included. */
  asGood: z.array(z.string()).readonly(),
  /** All others, in order of the metric. */
  others: z.array(besideBest).readonly(),
})
export type Ranking = z.infer<typeof ranking>

/** A cell of a map: one load, one heterogeneity. */
const mapCell = z.strictObject({
  /** Rate ÷ capacity. */
  load: z.number(),
  /** How many times slower the slowest backend is than the fastest. */
  heterogeneity: z.number(),
  /** The metric of each algorithm in seconds, by name. */
  values: z.record(z.string(), z.number()),
  best: z.string(),
  /** Algorithms that are not shown to be worse, the best one included. */
  asGood: z.array(z.string()).readonly(),
  /** Whether no algorithm is shown to be worse than the best. */
  isNoDifference: z.boolean(),
})
export type MapCell = z.infer<typeof mapCell>

/** Load × heterogeneity → best algorithm. */
const simulationMap = z.strictObject({
  metric,
  loads: z.array(z.number()).readonly(),
  heterogeneities: z.array(z.number()).readonly(),
  algorithms: z.array(z.string()).readonly(),
  cells: z.array(mapCell).readonly(),
})
export type SimulationMap = z.infer<typeof simulationMap>

/** The fields that all documents with simulated figures have. They have no date: the same command gives the same bytes. */
export const simulatedFacts = {
  lb: z.string(),
  /** Arguments after `lb`. */
  command: z.array(z.string()).readonly(),
  scenario: z.string(),
  seed: z.int(),
  /** The world in words: backends, arrivals, clients. */
  world: z.array(z.string()).readonly(),
  replications: z.int().positive(),
  /** Requests of each replication. */
  requests: count,
  /** How far the simulator was held against real runs for this load. */
  validation: z.literal('not validated for this load'),
}

/** A complete result of `lb simulate`. */
export const simulationDocument = z.strictObject({
  format: z.literal('lb-simulation'),
  version: z.literal(1),
  /** Nothing in it was measured. */
  simulated: z.literal(true),
  ...simulatedFacts,
  result: simulation.optional(),
  rankings: z.array(ranking).readonly(),
  map: simulationMap.optional(),
})
export type SimulationDocument = z.infer<typeof simulationDocument>
