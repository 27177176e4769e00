import { relative } from 'node:path'
import type { RunState, TrialFigures } from '../../reports/commands/run-view.ts'
import { trialFigures, trialTimes } from '../../reports/commands/trial-figures.ts'
import { gateReasons } from '../../reports/sections/gates.ts'
import { reasonWords } from '../../reports/sections/reasons.ts'
import { addCount } from '../kit/own-value.ts'
import { percent, quantity, rounded } from '../kit/units.ts'
import type { LiveHead, LiveTrial } from '../live/live-message.ts'
import type { Gate, Measurement } from '../result/document.ts'
import type { LivePage } from './live-page.ts'

/** Shows a run of trials in its live page. */
interface LiveRun {
  /** The state of the run has changed. */
  changed(): void
  /** A trial is over. */
  measured(measurement: Measurement): void
}

/** Posts each state of a run to its page; does nothing without one. */
export function liveRun(page: LivePage | undefined, state: () => RunState): LiveRun {
  if (page === undefined) return { changed() {}, measured() {} }
  const failures: Record<string, number> = {}
  let last: Measurement | undefined
  const head = () => ({
    ...runHead(state(), last),
    failures: { ...failures },
    elapsed: page.seconds(),
    thresholds: page.rules.map((text) => ({ text, state: 'pending' as const, detail: '' })),
  })
  return {
    changed: () => page.post({ head: head() }),
    measured(measurement) {
      last = measurement
      for (const [kind, count] of Object.entries(measurement.errorKinds)) {
        addCount(failures, kind, count)
      }
      page.post({ head: head(), trials: [liveTrial(measurement, page.seconds())] })
    },
  }
}

/** The gates of a run that is over, as thresholds with their state. */
export function liveGates(gates: readonly Gate[]): LiveHead['thresholds'] {
  return gates.map((gate) => ({
    text: `${gate.rule}, ${gate.arm}`,
    state: gate.state,
    detail: gateReasons(gate),
  }))
}

function runHead(
  run: RunState,
  last: Measurement | undefined,
): Omit<LiveHead, 'thresholds' | 'failures'> {
  return {
    title: run.title,
    state: run.isStopping ? 'stopping' : 'running',
    message: '',
    elapsed: run.elapsed,
    left: run.left,
    share: run.of === undefined ? undefined : run.done / Math.max(1, run.of),
    current: run.current,
    limits: last === undefined ? '' : limitsOf(last),
    troubles: run.troubles,
    checks: [],
    table: run.arms.length > 0 ? armTable(run) : trialTable(run.figures),
  }
}

/** `round-robin ×1: target used 97 % of its CPU`. */
function limitsOf({ trial, verdict: { bottleneck, reason } }: Measurement): string {
  const code = bottleneck === 'target' || bottleneck === 'none' ? '' : `${bottleneck}-limited: `
  return `${trial.arm}: ${code}${reasonWords(reason)}`
}

function armTable({ arms, figures }: RunState): LiveHead['table'] {
  const rows = (['capacity', 'latency'] as const).flatMap((phase) =>
    arms.flatMap((name) => {
      const own = figures.filter((one) => one.arm === name && one.phase === phase)
      if (own.length === 0) return []
      const valid = own.filter(({ isValid }) => isValid)
      const discarded = own.length - valid.length
      const counted = discarded === 0 ? '' : ` (${discarded} discarded)`
      return [{ name, cells: [phase, ...figureCells(valid), `${valid.length}${counted}`] }]
    }),
  )
  return { head: ['arm', 'phase', 'req/s', 'p50', 'p99', 'failed', 'trials'], rows }
}

/** The newest trials of a search, which has one arm. */
function trialTable(figures: readonly TrialFigures[]): LiveHead['table'] {
  const first = Math.max(0, figures.length - maxTrials)
  const rows = figures.slice(first).map((one, i) => ({
    name: `${first + i + 1}`,
    cells: [...figureCells([one]), one.isValid ? '' : 'discarded'],
  }))
  return { head: ['trial', 'req/s', 'p50', 'p99', 'failed', ''], rows: rows.toReversed() }
}

const maxTrials = 30

/** The means of trials, with units. */
function figureCells(trials: readonly TrialFigures[]): string[] {
  const mean = (value: (one: TrialFigures) => number | undefined) => {
    const values = trials.flatMap((one) => value(one) ?? [])
    return values.length === 0
      ? undefined
      : values.reduce((sum, one) => sum + one, 0) / values.length
  }
  const time = (seconds: number | undefined) =>
    seconds === undefined ? '–' : quantity(seconds, 's')
  const rate = mean((one) => one.rate)
  const failed = mean((one) => one.failed)
  return [
    rate === undefined ? '–' : rounded(rate),
    time(mean((one) => one.p50)),
    time(mean((one) => one.p99)),
    failed === undefined ? '–' : percent(failed),
  ]
}

function liveTrial(measurement: Measurement, at: number): LiveTrial {
  const { p50 = null, p95 = null, p99 = null } = trialTimes(measurement)
  const { arm: name, failed } = trialFigures(measurement)
  return { at, name, p50, p95, p99, failed }
}

/** `run ended: result stored in .lb/last.json`. */
export function endMessage(files: readonly string[], isStopped: boolean): string {
  const how = isStopped ? 'run stopped' : 'run ended'
  const file = files.at(-1)
  if (file === undefined) return `${how}: the result is not stored`
  return `${how}: result stored in ${relative(process.cwd(), file) || '.'}`
}
