import type { Ranking, Simulation } from './simulation.ts'

/** Whether an algorithm meets an objective: with its whole interval, not at all, or the interval holds the limit. */
export type ObjectiveOutcome = 'met' | 'missed' | 'not decided'

/** The log that was simulated. */
export interface ChoiceLog {
  readonly path: string
  /** Name of its format. */
  readonly format: string
  /** Lines that were read, and those that do not parse. */
  readonly lines: number
  readonly unparsed: number
  readonly firstUnparsed: { readonly line: number; readonly text: string } | undefined
  /** Whether it has more requests than were read. */
  readonly isTruncated: boolean
  /** Seconds from the first to the last simulated arrival, at the speed of the replay. */
  readonly seconds: number
  /** Different client addresses. */
  readonly clients: number
  /** Whether times were whole seconds, over which requests were spread. */
  readonly isSpread: boolean
  /** Whether lines have the time at the end of a request without the time that it took, so that arrivals are late. */
  readonly lacksDurations: boolean
  /** How many times as fast it was replayed. */
  readonly speed: number
}

/** A complete result of `lb choose`. It has no date: the same command gives the same bytes. */
export interface ChoiceDocument {
  readonly format: 'lb-choice'
  readonly version: 1
  /** Nothing in it was measured. */
  readonly simulated: true
  /** Whether real processes showed the same. */
  readonly confirmed: false
  readonly lb: string
  /** Arguments after `lb`. */
  readonly command: readonly string[]
  /** The scenario that the backends come from. */
  readonly scenario: string
  readonly seed: number
  readonly log: ChoiceLog
  /** The objective, as `--slo` takes it. */
  readonly objective: string | undefined
  /** The world in words: backends, arrivals, clients. */
  readonly world: readonly string[]
  readonly replications: number
  /** Requests of each replication. */
  readonly requests: number
  /** How far the simulator was held against real runs for this load. */
  readonly validation: 'not validated for this load'
  readonly result: Simulation
  /** By the metric of the objective, or by p99; undefined where no request succeeded. */
  readonly ranking: Ranking | undefined
  /** For each algorithm by name, if there is an objective. */
  readonly outcomes: Readonly<Record<string, ObjectiveOutcome>> | undefined
}
