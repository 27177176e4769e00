import type { ReloadReport } from '../admin/reload-report.ts'

/** Counts how often the configuration was read again. */
export interface ReloadState {
  applied(): void
  rejected(reason: string): void
  read(): ReloadReport
}

/** Starts with the configuration that was read just now. */
export function reloadState(): ReloadState {
  const now = () => Date.now() / 1000
  let report: ReloadReport = { applied: 0, rejected: 0, lastSuccess: now(), failure: undefined }
  return {
    applied() {
      report = { ...report, applied: report.applied + 1, lastSuccess: now(), failure: undefined }
    },
    rejected(failure) {
      report = { ...report, rejected: report.rejected + 1, failure }
    },
    read: () => report,
  }
}
