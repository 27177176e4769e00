import type { BalancerConfig } from '../src/balancer/config/config.ts'

/** One kind of fuzzing: backends that are running, the balancer in front of them, and how its cases are played. */
export interface Fuzzer extends AsyncDisposable {
  readonly config: BalancerConfig
  /** Plays all cases of a batch at once against the balancer on `port`. */
  play(batch: Batch): Promise<BatchResult>
}

/** Cases that are played at once. */
export interface Batch {
  readonly seed: number
  readonly numbers: readonly number[]
  readonly port: number
  /** Milliseconds without data that count as a hang: far more than all time-outs together. */
  readonly hangMs: number
}

/** The results of a batch. */
export interface BatchResult {
  /** Requests that reached a backend in full. */
  readonly reached: number
  /** Responses by status; 0: no response. */
  readonly statuses: readonly number[]
  readonly hangs: number
  readonly findings: readonly Finding[]
}

/** A fault that was found. */
export interface Finding {
  /** The number of the case; undefined where the fault belongs to no single case. */
  readonly number?: number
  /** The case in words and bytes. */
  readonly description?: string
  readonly fault: string
}
