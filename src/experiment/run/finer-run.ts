import { sequential } from '../../plan/expand.ts'
import type { Phase, Plan } from '../../plan/plan.ts'
import type { Answer, Measurement } from '../../result/document.ts'
import { pairsNeeded } from '../../stats/estimates/precision.ts'
import { largestSpread, widestInterval } from './precision.ts'

/** Half-widths that are offered, as fractions. */
const offered = [0.1, 0.05, 0.03, 0.02, 0.01]

/** A finer run must be at least this much narrower to be worth its time. */
const worthwhile = 0.7

/**
 * The next `--precision` below the widest interval of a run, and about how long it takes: the blocks that the measured
 * spread requires, at the measured time of a block, in every phase. Undefined where no precision is within the maximum
 * number of blocks, or where the spread is not known.
 */
export function finerRun(plan: Plan, measured: readonly Measurement[]): Answer['finer'] {
  const known = plan.phases.flatMap((phase) => spreadOf(plan, measured, phase) ?? [])
  if (known.length === 0 || known.length < plan.phases.length) return undefined
  const widest = Math.max(...known.map(({ halfWidth }) => halfWidth))
  for (const precision of offered.filter((one) => one <= worthwhile * widest)) {
    const blocks = known.map(({ spread, n }) => pairsNeeded(spread, { n, precision }).expected)
    if (Math.max(...blocks) > sequential.maxBlocks) return undefined
    const seconds = known.reduce(
      (sum, { secondsPerBlock }, i) => sum + secondsPerBlock * (blocks[i] as number),
      0,
    )
    return { precision, seconds }
  }
  return undefined
}

function spreadOf(plan: Plan, measured: readonly Measurement[], phase: Phase) {
  const observed = largestSpread(plan, measured, phase)
  const halfWidth = widestInterval(plan, measured, phase)
  if (observed === undefined || observed.n < 3 || halfWidth === undefined) return undefined
  return { ...observed, halfWidth, secondsPerBlock: secondsPerBlock(measured, phase) }
}

/** Mean time from the start of one trial to that of the next, for as many trials as a block has. */
function secondsPerBlock(measured: readonly Measurement[], phase: Phase): number {
  const own = measured.filter(({ trial }) => trial.phase === phase)
  const starts = own.map(({ startedAt }) => Date.parse(startedAt) / 1000)
  const blocks = new Set(own.map(({ trial }) => trial.block)).size
  const perTrial = (Math.max(...starts) - Math.min(...starts)) / Math.max(1, own.length - 1)
  const lasted = (one: Measurement) => one.warmupSeconds + one.windowSeconds
  return Math.max(perTrial, ...own.map(lasted)) * (own.length / blocks)
}
