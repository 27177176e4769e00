import {
  type LoadState,
  loadLine,
  loadLines,
  type ShownThreshold,
} from '../../reports/commands/load-view.ts'
import { thresholdDetail } from '../../reports/sections/load/threshold-text.ts'
import { grouped, percent, quantity, rounded } from '../kit/units.ts'
import type { LiveHead, LivePoint } from '../live/live-message.ts'
import type { LoadPlan } from '../plan/load/load-plan.ts'
import type { LoadSample } from '../result/load-sample.ts'
import type { ThresholdOutcome } from '../result/schemas/threshold-outcome.ts'
import type { LiveSession } from './live-session.ts'
import { followLoad, type StepTotals } from './load-state.ts'

/** Receives what a load test finds while it runs, for its views. */
interface LoadWatcher {
  /** Samples of one interval, of all drivers together, and what is known of each threshold then. */
  onSamples(samples: readonly LoadSample[], thresholds: () => readonly ThresholdOutcome[]): void
  /** The load is over, and this was found of its thresholds. */
  onEnd(thresholds: readonly ThresholdOutcome[]): void
}

/** Milliseconds between two heads of the live page, and between two looks at the thresholds. */
const [headMs, judgedMs] = [500, 1000]

/** Shows a load test while it runs, on standard error and in its live page. `title`: `lb load  shop`. */
export function showLoad(
  plan: Pick<LoadPlan, 'stages' | 'thresholds'>,
  { progress, look, signal, page }: Pick<LiveSession, 'progress' | 'look' | 'signal' | 'page'>,
  title: string,
): LoadWatcher {
  const follower = followLoad(plan, { title, signal, timed: page !== undefined })
  progress.show({
    lines: (columns) => loadLines(follower.state(), columns, look),
    line: () => loadLine(follower.state()),
  })
  const postHead = () => page?.post({ head: loadHead(follower.state(), follower.steps()) })
  signal.addEventListener(
    'abort',
    () => {
      progress.update()
      postHead()
    },
    { once: true },
  )
  postHead()
  // When the load began, in seconds of the page: once the first sample has come.
  let began: number | undefined
  let [lastMs, postedMs, lookedMs] = [0, 0, 0]
  const post = (sample: LoadSample): void => {
    const isOpen = plan.stages[sample.stage]?.model === 'open'
    began ??= Math.max(0, (page?.seconds() ?? 0) - sample.atMs / 1e3)
    page?.post({ points: [pointOf(sample, { lastMs, began, isOpen })] })
    lastMs = Math.max(lastMs, sample.atMs)
    if (sample.atMs - postedMs < headMs) return
    postedMs = sample.atMs
    postHead()
  }
  return {
    onSamples(samples, thresholds) {
      const atMs = samples.at(-1)?.atMs ?? 0
      if (plan.thresholds.length > 0 && atMs - lookedMs >= judgedMs) {
        lookedMs = atMs
        follower.judged(thresholds().map(soFar))
      }
      for (const sample of samples) {
        follower.sample(sample)
        if (page !== undefined) post(sample)
      }
    },
    onEnd(thresholds) {
      follower.judged(thresholds.map(shown))
      postHead()
    },
  }
}

function shown(one: ThresholdOutcome): ShownThreshold {
  return { text: one.threshold, state: one.outcome, detail: thresholdDetail(one) }
}

/** While the run goes on, a threshold that is not decided is pending. */
function soFar(one: ThresholdOutcome): ShownThreshold {
  return one.outcome === 'inconclusive' ? { ...shown(one), state: 'pending' } : shown(one)
}

/** A sample as a point of the charts. Of two samples of one interval, the second covers no further time. */
function pointOf(
  { atMs, planned, sent, ok, failed, latency }: LoadSample,
  {
    lastMs,
    began,
    isOpen,
  }: { readonly lastMs: number; readonly began: number; readonly isOpen: boolean },
): LivePoint {
  const seconds = Math.max(0, atMs - lastMs) / 1e3
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0)
  return {
    at: began + Math.max(0, atMs - 50) / 1e3,
    ...{ seconds, done: ok + failures, failed: failures, latency },
    // Users are no rate.
    ...(isOpen && { planned, sent }),
  }
}

function loadHead(state: LoadState, steps: readonly StepTotals[]): LiveHead {
  const { title, elapsed, left, stage, failures, checks, thresholds, limits } = state
  const now = state.seconds.at(-1)
  const users = now?.model === 'closed' ? `, ${grouped(now.sent)} users` : ''
  return {
    ...{ title, elapsed, left, failures, checks, thresholds, troubles: [], message: '' },
    state: state.isStopping ? 'stopping' : 'running',
    share: left === undefined ? undefined : elapsed / Math.max(1e-9, elapsed + left),
    current:
      stage === undefined
        ? 'starting'
        : `stage ${stage.number} of ${stage.of}: ${stage.name}${users}`,
    limits: limits === '' ? 'none: the load follows its plan' : limits,
    table: {
      head: ['step', 'requests', 'req/s', 'p50', 'p95', 'p99', 'failed', 'checks failed'],
      rows: steps.map((one) => ({ name: one.name, cells: stepCells(one, elapsed) })),
    },
  }
}

function stepCells({ requests, failed, checks, times }: StepTotals, elapsed: number): string[] {
  const checked = checks.passed + checks.failed
  return [
    grouped(requests),
    rounded(requests / Math.max(1, elapsed)),
    ...[50, 95, 99].map((percent) =>
      times === undefined || times.count === 0
        ? '–'
        : quantity(times.percentile(percent) / 1e6, 's'),
    ),
    percent(failed / Math.max(1, requests)),
    checked === 0 ? '–' : percent(checks.failed / checked),
  ]
}
