import type { LoadSample } from '../../result/load-sample.ts'
import type { DriverLoadReport, StageReport, StepReport } from '../journey/load-report.ts'
import { mergedHistogram, mergeSamples, sumOfKinds } from './merge-samples.ts'

/** Seconds between two samples of a driver. */
const sampleSeconds = 0.1

/**
 * The report of a lost driver, up to its last word: the sum of its samples. Their checks are not known one by one, and
 * neither is how late its visits began, how many of them ended and how busy it was.
 *
 * @param models of the stages: samples of the closed model have users, of which a report has user-seconds
 */
export function partialReport(
  samples: readonly LoadSample[],
  models: readonly ('open' | 'closed')[],
): DriverLoadReport {
  return {
    stages: models.map((model, stage) =>
      partialStage(
        samples.filter((one) => one.stage === stage),
        model,
      ),
    ),
    unfinished: 0,
    seconds: Math.max(0, ...samples.map(({ atMs }) => atMs)) / 1e3,
    metrics: {},
    busy: 0,
    stalled: 0,
    cpuSeconds: 0,
    aborted: false,
  }
}

function partialStage(samples: readonly LoadSample[], model: 'open' | 'closed'): StageReport {
  const per = model === 'open' ? 1 : sampleSeconds
  const sum = (name: 'planned' | 'sent') =>
    samples.reduce((total, one) => total + one[name], 0) * per
  const [merged] = mergeSamples(samples)
  const sent = sum('sent')
  return {
    planned: sum('planned'),
    sent,
    visits: model === 'open' ? sent : 0,
    finished: 0,
    cut: 0,
    notSent: notSentOf(merged?.failed ?? {}),
    lateness: mergedHistogram([]),
    steps: Object.fromEntries(
      Object.entries(merged?.steps ?? {}).map(([name, { ok, failed, latency }]) => [
        name,
        { ok, failed, checks: {}, latency } satisfies StepReport,
      ]),
    ),
  }
}

/** The visits that never began, by reason, of all failures. */
function notSentOf(failed: LoadSample['failed']): Record<string, number> {
  const kinds = Object.entries(failed).filter(([kind]) => kind.startsWith('not-sent-'))
  return sumOfKinds([Object.fromEntries(kinds)])
}
