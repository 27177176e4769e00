import { meanInterval } from '../../../stats/estimates/student-interval.ts'
import type { CurvePoint } from './throughput-curve.ts'

/** Throughput at one rate that was held. Rates in requests per second. */
interface HeldRate {
  readonly offered: number
  readonly achieved: number
  /** 95 % interval of `achieved`, from its seconds, or shorter parts of a short hold. */
  readonly low: number
  readonly high: number
  /** Whether throughput followed the plan. */
  readonly follows: boolean
}

/** The knee that held rates show, with its interval. `high` is absent where every rate was followed. */
export interface SteadyKnee {
  readonly rate: number
  readonly low: number
  readonly high?: number
  readonly holds: readonly HeldRate[]
}

/** Fraction of what began that must end for a rate to count as followed. */
const followed = 0.98

/** Fraction of each hold in which it settles. */
const settling = 0.2

/** Parts of a hold of which its interval is made, at least. */
const minParts = 8

/** Minimum half-width of the interval, as a fraction: no knee is known better. */
const minHalfWidth = 0.01

/**
 * The knee from holds at several rates, one stage each: the throughput at the lowest rate that was not followed, or, where a
 * higher rate was followed, a range between the two. Undefined where there is no point.
 */
export function steadyKnee(points: readonly CurvePoint[]): SteadyKnee | undefined {
  const byStage = Map.groupBy(points, ({ stage }) => stage)
  const holds = [...byStage.values()]
    .map(heldRate)
    .filter((hold) => hold !== undefined)
    .toSorted((a, b) => a.offered - b.offered)
  const highestFollowed = holds.findLast(({ follows }) => follows)
  const first = holds.find(
    ({ follows, offered }) => !follows && offered > (highestFollowed?.offered ?? 0),
  )
  if (first === undefined) {
    if (highestFollowed === undefined) return undefined
    return { rate: highestFollowed.achieved, low: highestFollowed.achieved, holds }
  }
  // Where overload costs throughput, the knee lies above what is left of it.
  if (highestFollowed !== undefined && highestFollowed.achieved > first.high * (2 - followed)) {
    const [low, high] = [highestFollowed.achieved, first.offered]
    return { rate: (low + high) / 2, low, high, holds }
  }
  const rate = first.achieved
  return {
    rate,
    low: Math.min(first.low, rate * (1 - minHalfWidth)),
    high: Math.max(first.high, rate * (1 + minHalfWidth)),
    holds,
  }
}

function heldRate(points: readonly CurvePoint[]): HeldRate | undefined {
  const settled = points.slice(Math.floor(settling * points.length))
  if (settled.length < 2) return undefined
  const sum = (of: (point: CurvePoint) => number) => settled.reduce((all, one) => all + of(one), 0)
  const perSecond = Math.round(settled.length / sum(({ seconds }) => seconds))
  // Seconds, or shorter parts of a short hold.
  const size = Math.max(1, Math.min(perSecond, Math.floor(settled.length / minParts)))
  const groups = Map.groupBy(settled, (_, i) => Math.floor(i / size))
  const seconds = [...groups.values()].filter(({ length }) => length === size)
  const rates = seconds.map(achievedIn)
  const { center, low, high } = meanInterval(rates, 0.95)
  const began = sum(({ begun }) => begun)
  return {
    offered: sum(({ offered }) => offered) / settled.length,
    ...{ achieved: center, low, high },
    follows: sum((one) => one.achieved * one.seconds) >= followed * began,
  }
}

/** The rate over several intervals, which differ in length where the driver was late. */
function achievedIn(points: readonly CurvePoint[]): number {
  const seconds = points.reduce((all, one) => all + one.seconds, 0)
  return points.reduce((all, one) => all + one.achieved * one.seconds, 0) / seconds
}
