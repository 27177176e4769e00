/** A part of a load test. */
export interface Stage {
  /** Unique in the plan. */
  readonly name: string
  readonly seconds: number
  readonly model: 'open' | 'closed'
  /** Visits per second, or users, at its begin and at its end; linear in between. */
  readonly from: number
  readonly to: number
}

/** Requests that ended in one sample. */
export interface SampleCounts {
  /** Requests with a complete response that is no failure. */
  readonly ok: number
  /** Failed requests by kind. */
  readonly failed: Readonly<Record<string, number>>
  readonly checks: { readonly passed: number; readonly failed: number }
  /** Times of the requests that are `ok`, as encoded by src/stats/histogram (µs). Empty text where there is none. */
  readonly latency: string
}

/** The load of one stage in about 100 ms. */
export interface LoadSample extends SampleCounts {
  /** End of the interval, in ms from the begin of the load. */
  readonly atMs: number
  /** Index of the stage in the plan. */
  readonly stage: number
  /** Visits that were due in the interval by the plan, and that began. */
  readonly planned: number
  readonly sent: number
  /** The same for each step, by its name. */
  readonly steps: Readonly<Record<string, SampleCounts>>
}

/** Rate of visits, or users, of a stage at so many seconds from its begin. */
export function levelAt({ from, to, seconds }: Stage, atSeconds: number): number {
  return from + ((to - from) * atSeconds) / seconds
}

/** Seconds from the begin of the load to the begin of each stage, and at last to its end. */
export function stageEdges(stages: readonly Stage[]): number[] {
  let edge = 0
  return [0, ...stages.map(({ seconds }) => (edge += seconds))]
}
