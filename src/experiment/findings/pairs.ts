import type { Arm, Phase, Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import type { Pair } from '../../stats/tests/comparison.ts'
import { type HostSpeed, hostSpeed, type Question, uncorrected } from './host-speed.ts'
import { metricsOf } from './metrics-of.ts'

/** The metrics by which arms are compared, in each phase; the first is the main metric. */
export const compared = {
  capacity: ['throughput', 'cpuPerRequest'],
  latency: ['latencyP50', 'latencyP99'],
} as const satisfies Record<Phase, readonly MetricName[]>

/** Two arms that differ in target or algorithm only. */
export interface Pairing {
  readonly base: Arm
  readonly other: Arm
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

/** Pairs of two arms, corrected for the speed of the host and as measured. */
export interface Pairs {
  /** Corrected for the speed of the host, where the reference load allows it: host-speed.ts. */
  readonly pairs: Pair[]
  /** Without the correction; undefined where there was none. */
  readonly asMeasured: Pair[] | undefined
}

/**
 * The values of one metric of two arms, block by block where both have a valid trial. They are corrected for the speed
 * of the host where both arms have the same target: beside another program the reference load itself may cost more or
 * less.
 */
export function pairsOf(
  measured: readonly Measurement[],
  { base, other }: Pairing,
  question: Question,
): Pairs {
  const ofBoth = measured.filter(({ trial }) => [base.name, other.name].includes(trial.arm))
  const speed = base.target === other.target ? hostSpeed([ofBoth], question) : uncorrected
  const asMeasured = pairsAt(ofBoth, { base, other }, { question, speed: uncorrected })
  if (speed.slope === 0) return { pairs: asMeasured, asMeasured: undefined }
  return { pairs: pairsAt(ofBoth, { base, other }, { question, speed }), asMeasured }
}

/** A metric in a phase, and the correction of its values. */
export interface Reading {
  readonly question: Question
  readonly speed: HostSpeed
}

function pairsAt(
  measured: readonly Measurement[],
  { base, other }: Pairing,
  reading: Reading,
): Pair[] {
  const others = valuesOf(measured, other.name, reading)
  return [...valuesOf(measured, base.name, reading)].flatMap(([block, value]) => {
    const counterpart = others.get(block)
    return counterpart === undefined || !(value > 0 && counterpart > 0)
      ? []
      : [[value, counterpart] as const]
  })
}

/** One metric of one arm by block, from its last valid trial in each. */
export function valuesOf(
  measured: readonly Measurement[],
  arm: string,
  { question: { phase, metric }, speed }: Reading,
): Map<number, number> {
  return new Map(
    measured
      .filter(({ trial, verdict }) => trial.arm === arm && trial.phase === phase && verdict.valid)
      .flatMap((measurement) => {
        const value = metricsOf(measurement)[metric]
        return value === undefined
          ? []
          : [[measurement.trial.block, value * speed.level(measurement)] as const]
      }),
  )
}
