import type { LoadSample } from '../../result/load-sample.ts'
import type { DriverLoadReport } from '../journey/load-report.ts'
import { mergeSamples } from './merge-samples.ts'
import { partialReport } from './partial-report.ts'

/** The samples of a driver, from which its report is made should it be lost. */
export interface KeptSamples {
  add(samples: readonly LoadSample[]): void
  /** The report up to the last sample. `models`: of the stages. */
  report(models: readonly ('open' | 'closed')[]): DriverLoadReport
}

/** Samples that are kept one by one: more are added up, so that memory does not grow with the length of the load. */
const maxSamples = 100

/** No sample yet. */
export function keptSamples(): KeptSamples {
  let kept: readonly LoadSample[] = []
  return {
    add(samples) {
      kept = [...kept, ...samples]
      if (kept.length > maxSamples) kept = mergeSamples(kept)
    },
    report: (models) => partialReport(kept, models),
  }
}
