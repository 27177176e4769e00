import type { LoadPlan } from '../../plan/load/load-plan.ts'
import type { LoadSample } from '../../result/load-sample.ts'
import type { StageBin } from '../slow/stage-bins.ts'

/** Bins that are kept: the last ones, an hour of a load. */
const keptBins = 36_000

/** Collects the requests that ended in each part of a load. */
export interface LoadBins {
  /** Adds the samples of one interval. */
  add(samples: readonly LoadSample[]): void
  /** In ms from the begin of the load. */
  bins(): readonly StageBin[]
}

/** The bins of a load with these stages, from samples of all drivers together. */
export function loadBins({ stages }: Pick<LoadPlan, 'stages'>): LoadBins {
  let bins: StageBin[] = []
  let lastMs = 0
  return {
    add(samples) {
      const [first] = samples
      if (first === undefined) return
      const { atMs: untilMs } = first
      const fromMs = lastMs
      lastMs = Math.max(lastMs, untilMs)
      const planned = samples.filter((one) => one.planned > 0)
      const [own] = planned
      // At the edge of two stages the responses of each have too little time.
      if (own === undefined || planned.length > 1 || untilMs <= fromMs) return
      const { stage } = own
      // Users are there all the time, visits become due in it.
      const per = stages[stage]?.model === 'closed' ? untilMs - fromMs : 1
      const responses = samples.reduce((sum, one) => sum + endedIn(one), 0)
      bins.push({ fromMs, untilMs, stage, responses, planned: own.planned * per })
      if (bins.length >= 2 * keptBins) bins = bins.slice(-keptBins)
    },
    bins: () => bins.slice(-keptBins),
  }
}

function endedIn({ ok, failed }: LoadSample): number {
  return Object.values(failed).reduce((sum, one) => sum + one, ok)
}
