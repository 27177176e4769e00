import type { Finding } from './document.ts'

/** The values of each reason why the trend of two rows is not judged, or why trials do not decide it. */
interface TrendReasonValues {
  /** Both rows are measured as one arm. */
  readonly 'one-arm': Readonly<Record<string, never>>
  readonly 'not-measured': { readonly row: string }
  /** A row needs more cores than this host has. */
  readonly 'beyond-host': { readonly cores: number }
  readonly 'no-valid-trial': { readonly row: string }
  /** The metric is not a property of the target, because its bottleneck was another one or none. */
  readonly 'other-bottleneck': {
    readonly row: string
    readonly bottleneck: Exclude<Finding['bottleneck'], 'target'>
  }
  /** At saturation the CPU used is the CPU given, whatever the target. */
  readonly 'cpu-saturated': { readonly row: string }
  /** The target shared its CPUs with driver and backends. */
  readonly 'cpus-shared': { readonly row: string }
  /** Fewer than two blocks have a valid trial of both rows. */
  readonly 'no-pairs': Readonly<Record<string, never>>
  /** A test of so few pairs cannot reach the level, whatever their values. */
  readonly 'too-few-pairs': {
    readonly pairs: number
    readonly needed: number
    readonly confidence: number
  }
}

/** The values of each reason why two rows do not have the documented order. */
interface OrderReasonValues extends TrendReasonValues {
  /** The row documented as less is measured as more. */
  readonly reversed: Readonly<Record<string, never>>
  /** The rows differ by less than δ. */
  readonly 'within-margin': { readonly margin: number }
  /** The interval contains both orders. */
  readonly indistinguishable: Readonly<Record<string, never>>
}

type Coded<Values> = {
  readonly [Code in keyof Values]: { readonly code: Code; readonly values: Values[Code] }
}[keyof Values]

/** Why a trend is not judged or inconclusive: data that the reports word. */
export type TrendReason = Coded<TrendReasonValues>

/** Why a pair of rows does not have the documented order, or why that is open. */
export type OrderReason = Coded<OrderReasonValues>
