import type { VisitsReport } from '../driver.ts'
import { mergeSteps } from './merge-load-reports.ts'

/** The visits of several drivers as those of one. */
export function mergeVisits(reports: readonly VisitsReport[]): VisitsReport {
  const sum = (name: 'began' | 'finished' | 'cut') =>
    reports.reduce((total, one) => total + one[name], 0)
  return {
    ...{ began: sum('began'), finished: sum('finished'), cut: sum('cut') },
    steps: mergeSteps(reports.map(({ steps }) => steps)),
  }
}
