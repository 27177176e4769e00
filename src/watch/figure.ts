/** Figures of a balancer over time, as data: Grafana gets them as PromQL, `lb watch` computes them from what it reads. */
export type Figure = Rate | Level | Quantile | Share

/** The increase per second of a counter. */
export interface Rate {
  readonly kind: 'rate'
  readonly metric: string
  /** Values of labels that a series must have. */
  readonly where?: Readonly<Record<string, string>>
  /** Adds series up that agree in these labels; absent: each series as it is. */
  readonly sum?: readonly string[]
}

/** The value of a gauge. */
export interface Level {
  readonly kind: 'level'
  readonly metric: string
  /** As of a rate. */
  readonly sum?: readonly string[]
}

/** A quantile of the values that a histogram counted meanwhile, all series together. */
interface Quantile {
  readonly kind: 'quantile'
  /** Without `_bucket`. */
  readonly metric: string
  /** From 0 to 1. */
  readonly q: number
}

/** One rate as a fraction of the sum of another; no value where that is 0. */
interface Share {
  readonly kind: 'share'
  readonly part: Rate
  readonly of: Rate
}
