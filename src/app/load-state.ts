import type { LoadSecond, LoadState, ShownThreshold } from '../../reports/commands/load-view.ts'
import { addCount } from '../kit/own-value.ts'
import type { LoadPlan, Stage } from '../plan/load/load-plan.ts'
import type { LoadSample, SampleCounts } from '../result/load-sample.ts'
import { decode, type Histogram, histogram } from '../stats/histogram/histogram.ts'
import { loadSeconds } from './load-seconds.ts'

/** Follows a load test: what its samples say so far. */
interface LoadFollower {
  /** A sample of all drivers together. */
  sample(sample: LoadSample): void
  /** Where the thresholds stand. */
  judged(thresholds: readonly ShownThreshold[]): void
  /** The load test as it is now. */
  state(): LoadState
  /** Totals of each step, in the order in which they were first seen. */
  steps(): readonly StepTotals[]
}

/** What the requests of a step came to so far. */
export interface StepTotals {
  readonly name: string
  readonly requests: number
  readonly failed: number
  readonly checks: { readonly passed: number; readonly failed: number }
  /** Times to the responses in µs; undefined where they are not followed. */
  readonly times: Histogram | undefined
}

/** What the follower needs to know of its surroundings. */
interface FollowOptions {
  /** `lb load  shop`. */
  readonly title: string
  readonly signal: AbortSignal
  /** Whether the times of each step are followed; default: not. */
  readonly timed?: boolean
  /** Milliseconds; the clock of the process unless a test has its own. */
  readonly now?: () => number
}

/** A follower of a load test that begins with its first sample. */
export function followLoad(
  plan: Pick<LoadPlan, 'stages' | 'thresholds'>,
  { title, signal, timed = false, now = () => performance.now() }: FollowOptions,
): LoadFollower {
  const seconds = loadSeconds((stage) => plan.stages[stage]?.model === 'closed')
  const failures: Record<string, number> = {}
  const steps = new Map<string, StepTotals>()
  const total = plan.stages.reduce((sum, one) => sum + one.seconds, 0)
  let thresholds: readonly ShownThreshold[] = plan.thresholds.map((text) => ({
    ...{ text, state: 'pending', detail: '' },
  }))
  let requests = 0
  /** The newest sample, and when it came. */
  let newest: { readonly sample: LoadSample; readonly cameMs: number } | undefined

  const elapsed = (): number =>
    newest === undefined ? 0 : (newest.sample.atMs + now() - newest.cameMs) / 1e3

  return {
    sample(sample) {
      if (sample.atMs >= (newest?.sample.atMs ?? 0)) newest = { sample, cameMs: now() }
      seconds.add(sample)
      requests += sample.ok
      for (const [kind, count] of Object.entries(sample.failed)) {
        addCount(failures, kind, count)
        requests += count
      }
      for (const [name, counts] of Object.entries(sample.steps)) {
        steps.set(name, withCounts(steps.get(name) ?? noneOf(name, timed), counts))
      }
    },
    judged(found) {
      thresholds = found
    },
    state() {
      const passed = Math.min(total, elapsed())
      const stage = newest && stageAt(plan.stages, newest.sample.stage, passed)
      const last = seconds.last()
      return {
        ...{ title, elapsed: passed, left: Math.max(0, total - passed) },
        ...{ stage, seconds: last, requests, thresholds, isStopping: signal.aborted },
        failures: { ...failures },
        checks: [...steps.values()]
          .filter(({ checks }) => checks.passed + checks.failed > 0)
          .map(({ name, checks }) => ({ name, ...checks })),
        limits: limitsOf(
          plan.stages[newest?.sample.stage ?? 0]?.model,
          last.slice(-limitSeconds),
          failures,
        ),
      }
    },
    steps: () => [...steps.values()],
  }
}

function noneOf(name: string, timed: boolean): StepTotals {
  const times = timed ? histogram() : undefined
  return { name, requests: 0, failed: 0, checks: { passed: 0, failed: 0 }, times }
}

function withCounts(totals: StepTotals, { ok, failed, checks, latency }: SampleCounts): StepTotals {
  const { times } = totals
  if (times !== undefined && latency !== '') times.add(decode(latency))
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0)
  return {
    name: totals.name,
    requests: totals.requests + ok + failures,
    failed: totals.failed + failures,
    checks: {
      passed: totals.checks.passed + checks.passed,
      failed: totals.checks.failed + checks.failed,
    },
    times,
  }
}

function stageAt(stages: readonly Stage[], index: number, passed: number): LoadState['stage'] {
  const stage = stages[index]
  if (stage === undefined) return undefined
  const end = stages.slice(0, index + 1).reduce((sum, one) => sum + one.seconds, 0)
  return { name: stage.name, number: index + 1, of: stages.length, left: Math.max(0, end - passed) }
}

/** Seconds that are judged, and the fraction of its plan that a load may lack. */
const [limitSeconds, allowedLack] = [5, 0.01]

/** What keeps the load from its plan; empty where nothing does. */
function limitsOf(
  model: Stage['model'] | undefined,
  last: readonly LoadSecond[],
  failures: Readonly<Record<string, number>>,
): string {
  const open = last.filter((one) => one.model === 'open')
  const unsent = Object.keys(failures).find((kind) => kind.startsWith('not-sent-'))
  const planned = open.reduce((sum, one) => sum + one.planned, 0)
  const sent = open.reduce((sum, one) => sum + one.sent, 0)
  if (model !== 'open' || planned === 0 || sent >= (1 - allowedLack) * planned) {
    return unsent === undefined
      ? ''
      : `requests were not sent: ${unsent.slice(9).replaceAll('-', ' ')}`
  }
  const part = Math.floor((100 * sent) / planned)
  return `${part} % of the planned visits were begun in the last ${open.length} s`
}
