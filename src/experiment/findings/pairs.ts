import type { Arm, Phase, Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import type { Pair } from '../../stats/tests/comparison.ts'
import type { HostSpeed, Question } from './host-speed.ts'
import { metricOf } from './metrics-of.ts'
import { type PairSpeed, pairSpeed, type TrialPair } from './pair-speed.ts'

/** The metrics by which arms are compared, in each phase; the first is the main metric. */
export const compared = {
  capacity: ['throughput', 'cpuPerRequest'],
  latency: ['latencyP50', 'latencyP99'],
} as const satisfies Record<Phase, readonly MetricName[]>

/** Two arms that differ in target or algorithm only. */
export interface Pairing {
  readonly base: Arm
  readonly other: Arm
  /**
   * An arm that differs from the base in its name only: the base of each block is the geometric mean of both, so that a
   * chance of the base enters all comparisons with it by half.
   */
  readonly twin?: Arm | undefined
}

/**
 * Which arms are compared: each with the first of as many cores; in an A/B run each of the head with the same arm of
 * the base. The control is left out.
 */
export function pairings({ arms, control }: Plan): Pairing[] {
  const balancers = arms.filter(({ name }) => name !== control)
  return balancers.flatMap((other) => {
    const base = balancers.find((one) => mayBeBase(one, other))
    return base === undefined || base === other ? [] : [{ base, other }]
  })
}

function mayBeBase(base: Arm, other: Arm): boolean {
  if (base.cores !== other.cores) return false
  if (other.variant === undefined) return true
  const isSame = base.target === other.target && base.algorithm === other.algorithm
  return isSame && other.variant.side === 'head' && base.variant?.side === 'base'
}

/** Pairs of two arms as measured, and the covariate by which `compare` may take out the speed of the host. */
export interface Pairs extends PairSpeed {
  readonly pairs: Pair[]
}

/**
 * The values of one metric of two arms, block by block where both have a valid trial. The speed of the host is taken out
 * only where both arms have the same target: beside another program the reference load itself may cost more or less.
 */
export function pairsOf(
  measured: readonly Measurement[],
  { base, other, twin }: Pairing,
  question: Question,
): Pairs {
  const found = trialPairs(measured, { base, other, twin }, question)
  const speed = base.target === other.target ? pairSpeed(found, question) : { warnings: [] }
  return { pairs: found.map(({ values }) => values), ...speed }
}

function trialPairs(
  measured: readonly Measurement[],
  { base, other, twin }: Pairing,
  question: Question,
): TrialPair[] {
  const others = trialsOf(measured, other.name, question)
  const twins = twin && trialsOf(measured, twin.name, question)
  return [...trialsOf(measured, base.name, question)].flatMap(([block, one]) => {
    const two = others.get(block)
    const same = twins?.get(block)
    const value = same === undefined ? one.value : Math.sqrt(one.value * same.value)
    return two === undefined || !(value > 0 && two.value > 0)
      ? []
      : [
          {
            values: [value, two.value],
            trials: [one.measurement, two.measurement],
            ...(same && { twin: same.measurement }),
          },
        ]
  })
}

/** A metric in a phase, and the correction of its values. */
export interface Reading {
  readonly question: Question
  readonly speed: HostSpeed
}

/** The last valid trial of one arm in each block, with its value of one metric. */
function trialsOf(
  measured: readonly Measurement[],
  arm: string,
  { phase, metric }: Question,
): Map<number, { readonly value: number; readonly measurement: Measurement }> {
  return new Map(
    measured
      .filter(({ trial, verdict }) => trial.arm === arm && trial.phase === phase && verdict.valid)
      .flatMap((measurement) => {
        const value = metricOf(measurement, metric)
        return value === undefined
          ? []
          : [[measurement.trial.block, { value, measurement }] as const]
      }),
  )
}

/** One metric of one arm by block, from its last valid trial in each. */
export function valuesOf(
  measured: readonly Measurement[],
  arm: string,
  { question, speed }: Reading,
): Map<number, number> {
  const trials = [...trialsOf(measured, arm, question)]
  return new Map(
    trials.map(([block, { value, measurement }]) => [block, value * speed.level(measurement)]),
  )
}
