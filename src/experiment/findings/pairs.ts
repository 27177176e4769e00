import type { Arm, Phase, Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import type { Pair } from '../../stats/tests/comparison.ts'
import { type HostSpeed, hostSpeed, type Question, uncorrected } from './host-speed.ts'
import { metricsOf } from './metrics-of.ts'

/** The metrics by which arms are held against each other, in each phase; the first leads. */
export const compared = {
  capacity: ['throughput', 'cpuPerRequest'],
  latency: ['latencyP50', 'latencyP99'],
} as const satisfies Record<Phase, readonly MetricName[]>

/** Two arms that differ by their target or algorithm, and by nothing else. */
export interface Pairing {
  readonly base: Arm
  readonly other: Arm
}

/**
 * Which arms are compared: each with the first of as many cores; in a duel each of the head with its like of
 * the base. The control is no contender.
 */
export function pairings({ arms, control }: Plan): Pairing[] {
  const contenders = arms.filter(({ name }) => name !== control)
  return contenders.flatMap((other) => {
    const base = contenders.find((one) => mayBeBase(one, other))
    return base === undefined || base === other ? [] : [{ base, other }]
  })
}

function mayBeBase(base: Arm, other: Arm): boolean {
  if (base.cores !== other.cores) return false
  if (other.variant === undefined) return true
  const alike = base.target === other.target && base.algorithm === other.algorithm
  return alike && other.variant.side === 'head' && base.variant?.side === 'base'
}

/** Pairs of two arms, as they are compared and as they were measured. */
export interface Pairs {
  /** At one speed of the host, where its yardstick allows that: src/experiment/host-speed.ts. */
  readonly pairs: Pair[]
  /** As measured; undefined where that is the same. */
  readonly asMeasured: Pair[] | undefined
}

/**
 * The values of one metric of two arms, block by block where both have a valid trial. They are put at one speed of the
 * host where both arms are of one target: beside another program the yardstick itself may be cheaper or dearer.
 */
export function pairsOf(
  measured: readonly Measurement[],
  { base, other }: Pairing,
  question: Question,
): Pairs {
  const theirs = measured.filter(({ trial }) => [base.name, other.name].includes(trial.arm))
  const speed = base.target === other.target ? hostSpeed([theirs], question) : uncorrected
  const asMeasured = pairsAt(theirs, { base, other }, { question, speed: uncorrected })
  if (speed.slope === 0) return { pairs: asMeasured, asMeasured: undefined }
  return { pairs: pairsAt(theirs, { base, other }, { question, speed }), asMeasured }
}

/** How to read a metric of a trial. */
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
