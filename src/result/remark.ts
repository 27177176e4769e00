/** A documented figure, quoted. */
export interface QuotedFigure {
  readonly table: string
  readonly row: string
  /** As documented, with its unit. */
  readonly text: string
}

/** A row with documented throughput and latency, and the requests in flight that they imply (Little's law). */
export interface ImpliedInFlight {
  readonly row: string
  readonly throughput: string
  readonly latency: string
  readonly requests: number
}

/** A documented load: users, each of which pauses between requests (seconds). */
interface QuotedLoad {
  readonly name: string
  readonly users: number
  readonly pause: number
}

/** The laws that documented figures are checked against, with the values of each violation or implication. */
interface RemarkValues {
  /** One metric of one target and algorithm on one number of cores has two figures. */
  readonly 'same-thing-twice': {
    readonly first: QuotedFigure
    readonly second: QuotedFigure
    readonly target: string
    readonly algorithm: string
    readonly cores: number
    readonly ratio: number
    /** The figure of other cores, in the table of the second, that the first is close to. */
    readonly closeTo?: { readonly table: string; readonly text: string; readonly cores: number }
  }
  /** Throughputs above users ÷ pause. */
  readonly 'load-too-small': {
    readonly load: QuotedLoad
    readonly maxRate: number
    readonly figures: number
    readonly lowest: string
    readonly highest: string
  }
  /** Throughput × (latency + pause) is not the number of users. */
  readonly 'users-not-busy': {
    readonly load: QuotedLoad
    readonly row: string
    readonly throughput: string
    readonly latency: string
    readonly busy: number
  }
  /** Throughput × latency differs from row to row. */
  readonly 'different-loads': { readonly rows: readonly ImpliedInFlight[] }
  /** Throughput × latency is the same in all rows: a closed loop. */
  readonly 'closed-loop': {
    readonly rows: readonly ImpliedInFlight[]
    readonly minConnections: number
    readonly maxConnections: number
  }
  /** More throughput than the growth in cores allows. */
  readonly superlinear: {
    readonly from: QuotedFigure
    readonly to: QuotedFigure
    readonly gain: number
    readonly growth: number
  }
  /** More CPUs in use than there were cores. */
  readonly 'cpu-beyond-cores': { readonly figure: QuotedFigure; readonly cores: number }
  /** More throughput than cores ÷ CPU time per request (seconds) allows. */
  readonly 'throughput-beyond-cpu': {
    readonly row: string
    readonly cpuSeconds: number
    readonly used: string
    readonly ofCores: number
    readonly throughput: string
    readonly cores: number
    readonly maxRate: number
    readonly figure: QuotedFigure
  }
  /** CPUs were idle, so they did not limit the throughput. */
  readonly 'cpu-idle': {
    readonly rows: readonly {
      readonly row: string
      readonly used: string
      readonly cores: number
    }[]
  }
}

/** Codes of remarks. */
export type RemarkCode = keyof RemarkValues

/** The values of one code. */
export type RemarkValuesOf<Code extends RemarkCode> = RemarkValues[Code]

/**
 * A law that documented figures violate (`contradiction`: they cannot all be true), or a fact that they imply
 * without stating it (`implication`): data that the reports word.
 */
export type Remark = {
  readonly [Code in RemarkCode]: {
    readonly kind: 'contradiction' | 'implication'
    readonly code: Code
    readonly values: RemarkValues[Code]
  }
}[RemarkCode]
