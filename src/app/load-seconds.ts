import type { LoadSecond } from '../../reports/commands/load-view.ts'
import type { LoadSample } from '../result/load-sample.ts'
import { decode, histogram } from '../stats/histogram/histogram.ts'

/** The course of a load by seconds. */
interface LoadSeconds {
  add(sample: LoadSample): void
  /** The last minute, without the second that is not over yet. */
  last(): readonly LoadSecond[]
}

const maxSeconds = 60

/** Merges samples of about 100 ms into seconds; one histogram serves all. Visits are summed, users are those at the end. */
export function loadSeconds(isClosed: (stage: number) => boolean): LoadSeconds {
  const over: LoadSecond[] = []
  const latency = histogram()
  let current = 0
  let counts = none()

  const finish = (): void => {
    const at = (percent: number) => (latency.count === 0 ? null : latency.percentile(percent) / 1e6)
    over.push({ ...counts, p50: at(50), p95: at(95), p99: at(99) })
    if (over.length > maxSeconds) over.shift()
    latency.reset()
    counts = none()
    current++
  }

  return {
    add(sample) {
      // A sample belongs to the second in which its interval lies.
      const second = Math.floor(Math.max(0, sample.atMs - 50) / 1e3)
      while (current < second) finish()
      const model = isClosed(sample.stage) ? 'closed' : 'open'
      const before = model === 'closed' || counts.model === 'closed' ? none() : counts
      counts.model = model
      counts.planned = before.planned + sample.planned
      counts.sent = before.sent + sample.sent
      counts.responses += sample.ok + sumOf(sample.failed)
      if (sample.latency !== '') latency.add(decode(sample.latency))
    },
    last: () => over,
  }
}

function none() {
  return { model: 'open' as LoadSecond['model'], planned: 0, sent: 0, responses: 0 }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
