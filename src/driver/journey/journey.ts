import type { JourneyClient } from './client.ts'

/** A journey that is code: a sequence of requests, checks and pauses. One call of `run` is one visit. */
export interface Journey {
  readonly name: string
  /** Share of the visits relative to the other journeys. */
  readonly weight: number
  /** Ends with the visit. An error that it throws is counted, and ends that visit only. */
  run(client: JourneyClient): Promise<void>
}
