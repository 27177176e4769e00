import type { Named } from '../kit/named.ts'
import type { Arm } from '../plan/plan.ts'
import type { Turn } from '../plan/turn.ts'
import type { MetricName } from '../result/metrics.ts'

/** The values that a setting accepts: names, or integers in a range. */
export type Accepted =
  | { readonly names: readonly string[] }
  | { readonly from: number; readonly to: number; readonly unit?: string }

/** Properties of an arm that a value changes beside its knobs. */
type ArmChange = Partial<Pick<Arm, 'algorithm' | 'cores'>>

/** How one target is set. Values are texts, as the user types them. */
export interface Setting {
  /** The value that the target has in every measurement of lb. */
  readonly default: string
  /** The values that are tried where the user names none. */
  readonly alternatives: readonly string[]
  readonly accepts: Accepted
  /** The part of an arm that gives the target this value, and the facts that show that it did. */
  turn(value: string): Omit<Turn, 'knob' | 'value'> & { readonly arm?: ArmChange }
  /** The lines of the target's configuration with this value; without it, those of the turn. */
  paste?(value: string): string
}

/** A piece of advice about load balancers that can be measured: a setting, and its alternatives. */
export interface Knob extends Named {
  /** The advice, as tuning guides give it. */
  readonly advice: string
  /** Where the advice is found. */
  readonly source: string
  /** The metrics that it should move: the first decides, where several move. */
  readonly moves: readonly [TunedMetric, ...TunedMetric[]]
  /** By name of the target; a target that is missing lacks the setting. */
  readonly settings: Readonly<Record<string, Setting>>
}

/** The metrics by which knobs are judged. */
export type TunedMetric = Extract<
  MetricName,
  'throughput' | 'cpuPerRequest' | 'latencyP99' | 'rssMean' | 'errorShare'
>
