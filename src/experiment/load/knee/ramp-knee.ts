import { hinge, kneeError } from '../../../stats/regression/hinge.ts'
import type { CurvePoint } from './throughput-curve.ts'

/** The knee that a ramp up shows, and when the ramp down followed the plan again. Rates in requests per second. */
export interface RampKnee {
  /** The rate at which throughput stops following the plan. */
  readonly rate: number
  /** Standard error of that rate. */
  readonly error: number
  /** Slope of throughput beyond it: 0 where it stays, below 0 where overload costs throughput. */
  readonly slope: number
  /** The rate of the ramp down from which the requests that had waited were served; absent where they never were. */
  readonly recoveredAt?: number
}

/** Fraction of the highest rate above which a knee is none: throughput followed the plan to the end. */
const reached = 0.97

/** Fraction by which throughput stays below what began at the end of the ramp up, at least. */
const shortfall = 0.05

/** Points that are added up before the curve is fitted, so that counts of 100 ms do not scatter it. */
const lengthOf = (points: readonly CurvePoint[]) => Math.max(1, Math.floor(points.length / 120))

/** Points of a ramp up below which its curve is not fitted: the error of a knee is found from 12 parts of it. */
const minPoints = 12

/**
 * The knee of a ramp up (stage 0) and down (stage 1). `followed`: throughput followed the plan to the highest rate.
 * `too-few-points`: it did not, and the ramp is too short to show from which rate on.
 */
export function rampKnee(points: readonly CurvePoint[]): RampKnee | 'followed' | 'too-few-points' {
  const up = grouped(points.filter(({ stage }) => stage === 0))
  if (up.length < minPoints) return staysBelow(up, 0) ? 'too-few-points' : 'followed'
  const found = hinge(up)
  const highest = Math.max(0, ...up.map(({ offered }) => offered))
  if (found === undefined || found.knee > reached * highest || !staysBelow(up, found.knee))
    return 'followed'
  const error = kneeError(up)
  if (error === undefined) return 'too-few-points'
  const recoveredAt = recovery(points, found.knee)
  return {
    ...{ rate: found.knee, error, slope: found.slope },
    ...(recoveredAt !== undefined && { recoveredAt }),
  }
}

interface Grouped {
  readonly offered: number
  readonly achieved: number
  /** Requests of visits that were due, per second: what came of the plan by chance. */
  readonly begun: number
}

function grouped(points: readonly CurvePoint[]): Grouped[] {
  const length = lengthOf(points)
  const groups = Map.groupBy(points, (_, i) => Math.floor(i / length))
  return [...groups.values()].map((group) => {
    const seconds = group.reduce((all, one) => all + one.seconds, 0)
    const over = (of: (point: CurvePoint) => number) =>
      group.reduce((all, one) => all + of(one) * one.seconds, 0) / seconds
    return {
      offered: over((one) => one.offered),
      achieved: over((one) => one.achieved),
      begun: group.reduce((all, one) => all + one.begun, 0) / seconds,
    }
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length
}

/** Whether throughput is below what began at the end of the ramp, of the part beyond a knee. */
function staysBelow(up: readonly Grouped[], knee: number): boolean {
  const beyond = up.filter(({ offered }) => offered > knee)
  const last = beyond.slice(Math.floor(beyond.length / 2))
  const [begun, achieved] = [
    mean(last.map((one) => one.begun)),
    mean(last.map((one) => one.achieved)),
  ]
  return last.length > 0 && achieved < (1 - shortfall) * begun
}

/** Part of the knee's rate in which requests in flight are taken as usual. */
const [usualFrom, usualTo] = [0.3, 0.8]

/** The rate of the ramp down at which the requests in flight are no more than usual below the knee, and stay so. */
function recovery(points: readonly CurvePoint[], knee: number): number | undefined {
  let begun = 0
  let ended = 0
  const flights = points.map((point) => {
    begun += point.begun
    ended += point.ended
    return { ...point, inFlight: begun - ended }
  })
  const usual = flights
    .filter(
      ({ stage, offered }) => stage === 0 && offered > usualFrom * knee && offered < usualTo * knee,
    )
    .map(({ inFlight }) => inFlight)
  const limit = 3 * Math.max(1, ...usual)
  const down = flights.filter(({ stage }) => stage === 1)
  const lastAbove = down.findLastIndex(({ inFlight }) => inFlight > limit)
  return down[lastAbove + 1]?.offered
}
