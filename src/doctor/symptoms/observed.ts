import type { Finding } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'

/** CPU use of the target, each in CPUs. */
export interface TargetCpu {
  readonly used: number
  readonly given: number
  /** In the kernel, and by the busiest thread, where they are known. */
  readonly system?: number | undefined
  readonly busiestThread?: number | undefined
}

/** Memory of the target in one trial: medians of its first and last third, in bytes. */
export interface MemoryCourse {
  readonly from: number
  readonly to: number
  readonly seconds: number
}

/** What a result shows of one arm in one phase, or of a load test: the evidence that symptoms are looked for in. */
export interface Observed {
  /** `round-robin ×2, latency phase`; the name of a load test. */
  readonly subject: string
  /** `capacity`: closed loop, which saturates on purpose. */
  readonly load: 'capacity' | 'latency' | 'test'
  readonly algorithm?: string | undefined
  readonly connections?: number | undefined
  /** Requests of all windows, and those that failed. */
  readonly requests: number
  readonly failed: number
  /** Failed requests by kind: `ECONNREFUSED`, `timed out`, `status 503`, `not-sent-driver-late`. */
  readonly kinds: Readonly<Record<string, number>>
  /** The same of the control. */
  readonly controlKinds?: Readonly<Record<string, number>> | undefined
  /** Seconds. */
  readonly p50?: number | undefined
  readonly p99?: number | undefined
  readonly controlP50?: number | undefined
  readonly controlP99?: number | undefined
  readonly cpu?: TargetCpu | undefined
  /** Peak of resident memory, in bytes. */
  readonly memoryPeak?: number | undefined
  readonly memory: readonly MemoryCourse[]
  /** Connections that were opened for so many responses. */
  readonly opened?: number | undefined
  readonly perBackend: readonly number[]
  readonly weights: readonly number[]
  readonly balance?: Finding['balance'] | undefined
  /** Requests of each worker, over all trials. */
  readonly perWorker: readonly number[]
  /** Reasons of the trials, each with the number of trials that have it. */
  readonly reasons: readonly { readonly reason: Reason; readonly trials: number }[]
  readonly trials: number
  /** Evidence in words that the driver was late or busy. */
  readonly driverLate: readonly string[]
  /** Limits on latency that a load test missed, each with the figure. */
  readonly missedLimits: readonly string[]
  /** Faults were injected: its shares and failures are meant. */
  readonly hasFaults: boolean
}

/** A step of throughput that does not follow its load: more cores, or more requests per second. */
export interface Plateau {
  readonly subject: string
  /** Figures of the step, as clauses. */
  readonly evidence: readonly string[]
  readonly bottleneck: Finding['bottleneck']
}

/** A command that would show more. */
export interface Proposals {
  /** The run once more with these flags, in place of those of the same name. */
  again(...flags: readonly (readonly [name: string, value: string])[]): string
  /** The capacity of what was measured, for an objective. */
  capacity(objective: string): string
  /** The check of the host for this run. */
  host(): string
  /** One request with its response; for a run of trials, a short run. */
  once(): string
  /** The configuration of the target. */
  configuration(): string
  /** The functions that the target spends on, with further flags; `otherwise` for a server that lb does not start. */
  profile(otherwise: string, ...flags: readonly string[]): string
  /** Whether these settings of the reference balancer would help; `otherwise` for another target. */
  tune(otherwise: string, ...knobs: readonly string[]): string
}

/** Everything that a result says, as far as symptoms show in it. */
export interface Evidence {
  readonly observed: readonly Observed[]
  readonly plateaus: readonly Plateau[]
  /** Whether the result has several core counts, or a load that grows. */
  readonly canPlateau: boolean
  readonly propose: Proposals
}
