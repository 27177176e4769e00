import { z } from 'zod'
import { confirmation, notConfirmed } from './schemas/confirmation.ts'
import { summary } from './schemas/summary.ts'
import { count } from './schemas/values.ts'
import { ranking, simulatedFacts, simulation } from './simulation.ts'

/** Whether an algorithm meets an objective: with its whole interval, not at all, or the interval holds the limit. */
const objectiveOutcome = z.enum(['met', 'missed', 'not decided'])
export type ObjectiveOutcome = z.infer<typeof objectiveOutcome>

/** The log that was simulated. */
const choiceLog = z.strictObject({
  path: z.string(),
  /** Name of its format. */
  format: z.string(),
  /** Lines that were read, and those that do not parse. */
  lines: count,
  unparsed: count,
  firstUnparsed: z.strictObject({ line: count, text: z.string() }).optional(),
  /** Whether it has more requests than were read. */
  isTruncated: z.boolean(),
  /** Seconds from the first to the last simulated arrival, at the speed of the replay. */
  seconds: z.number(),
  /** Different client addresses. */
  clients: count,
  /** Whether times were whole seconds, over which requests were spread. */
  isSpread: z.boolean(),
  /** Whether lines have the time at the end of a request without the time that it took, so that arrivals are late. */
  lacksDurations: z.boolean(),
  /** How many times as fast it was replayed. */
  speed: z.number(),
})
export type ChoiceLog = z.infer<typeof choiceLog>

/** The rate up to which an algorithm meets the objective. */
const algorithmRate = z.strictObject({
  name: z.string(),
  /** `holds`: at every rate that was tried; `misses`: at none of them. */
  kind: z.enum(['found', 'holds', 'misses']),
  /** Requests per second, with an interval over the replications; where it was found. */
  rate: summary.optional(),
})
export type AlgorithmRate = z.infer<typeof algorithmRate>

/** The rates up to which algorithms meet the objective, simulated with the same requests at each rate. */
const objectiveRates = z.strictObject({
  /** The lowest and the highest rate that were tried, in requests per second. */
  lowest: z.number(),
  highest: z.number(),
  /** Replications, and the requests of each. */
  replications: count,
  requests: count,
  algorithms: z.array(algorithmRate).readonly(),
})
export type ObjectiveRates = z.infer<typeof objectiveRates>

/** A complete result of `lb choose`. It has no date: without a confirmation the same command gives the same bytes. */
export const choiceDocument = z.strictObject({
  format: z.literal('lb-choice'),
  version: z.literal(1),
  /** Nothing outside of its confirmation was measured. */
  simulated: z.literal(true),
  /** Whether real processes showed the same. */
  confirmed: z.boolean(),
  ...simulatedFacts,
  /** The log whose arrivals were simulated; absent where they are those of the scenario. */
  log: choiceLog.optional(),
  /** The objective, as `--slo` takes it. */
  objective: z.string().optional(),
  /** The algorithm that is in use now. */
  inUse: z.string().optional(),
  result: simulation,
  /** By the metric of the objective, or by p99; absent where no request succeeded. */
  ranking: ranking.optional(),
  /** For each algorithm by name, if there is an objective. */
  outcomes: z.record(z.string(), objectiveOutcome).optional(),
  /** Up to which rate each meets the objective, if there is one. */
  rates: objectiveRates.optional(),
  /** What real processes showed. */
  confirmation: confirmation.optional(),
  /** Why there is no confirmation. */
  notConfirmed: notConfirmed.optional(),
})
export type ChoiceDocument = z.infer<typeof choiceDocument>
