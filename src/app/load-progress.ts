import { clock } from '../../reports/layout/clock.ts'
import { quantity, rounded } from '../kit/units.ts'
import { stageEdges } from '../plan/load/curve.ts'
import type { LoadPlan } from '../plan/load/load-plan.ts'
import type { LoadSample } from '../result/load-sample.ts'
import { decode } from '../stats/histogram/histogram.ts'
import type { LiveSession } from './live-session.ts'

/** Milliseconds of samples that a line sums up. */
const shownMs = 1000

/** Shows a load test while it runs: its stage, the time left, planned and real rate, p99 and failures of the last second. */
export function showLoad(
  plan: LoadPlan,
  { progress }: Pick<LiveSession, 'progress'>,
): (samples: readonly LoadSample[]) => void {
  const edges = stageEdges(plan.stages)
  const all = (edges.at(-1) as number) * 1e3
  let last: readonly LoadSample[] = []
  const line = (): string => {
    const newest = last.at(-1)
    if (newest === undefined) return 'load test: starting'
    const stage = plan.stages[newest.stage]
    const own = last.filter((one) => one.stage === newest.stage)
    const sum = (of: (one: LoadSample) => number) => own.reduce((total, one) => total + of(one), 0)
    const per = stage?.model === 'open' ? (own.length * 100) / 1e3 : own.length
    const unit = stage?.model === 'open' ? '/s' : ' users'
    const failed = sum((one) => Object.values(one.failed).reduce((a, b) => a + b, 0))
    const times = own.flatMap(({ latency }) => (latency === '' ? [] : [decode(latency)]))
    const slowest = Math.max(0, ...times.map((one) => one.percentile(99))) / 1e6
    return [
      `${stage?.name}, ${clock(Math.max(0, all - newest.atMs) / 1e3)} left`,
      `${rounded(sum((one) => one.sent) / per)} of ${rounded(sum((one) => one.planned) / per)}${unit}`,
      ...(slowest > 0 ? [`p99 up to ${quantity(slowest, 's')}`] : []),
      `${failed} failed`,
    ].join(', ')
  }
  progress.show({ lines: () => [line()], line })
  return (samples) => {
    const atMs = samples.at(-1)?.atMs ?? 0
    last = [...last, ...samples].filter((one) => one.atMs > atMs - shownMs)
    progress.update()
  }
}
