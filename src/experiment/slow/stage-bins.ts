import type { ThroughputBin } from './stalls.ts'

/** Responses in a part of a stage of a load, in ms from when the bins began. */
export interface StageBin extends ThroughputBin {
  readonly stage: number
}

/** Milliseconds of a bin in the reports of drivers. */
const binMs = 100

/** The bins of a load whose rate is the same in all. */
export function evenBins(counts: readonly number[]): StageBin[] {
  return counts.map((responses, i) => ({
    ...{ fromMs: binMs * i, untilMs: binMs * (i + 1) },
    ...{ stage: 0, responses, planned: 1 },
  }))
}
