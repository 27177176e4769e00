import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import type { LoadSample, SampleCounts } from '../../result/load-sample.ts'
import { type Histogram, histogram } from '../../stats/histogram/histogram.ts'
import {
  type Decision,
  type DecisionOptions,
  holds,
  nothing,
} from '../thresholds/threshold-decision.ts'
import {
  allowedFraction,
  countsFor,
  failedOf,
  needsTimes,
  type Tally,
  tally,
} from '../thresholds/threshold-tally.ts'
import { totalDecision } from '../thresholds/total-decision.ts'
import { type EarlyStop, earlyStop } from './early-stop.ts'
import { binMs, slidingWindows, type Windows } from './threshold-windows.ts'

/** Follows one threshold through a run. */
export interface ThresholdJudge {
  /** Adds a sample, whose histogram of responses is `times` where there are any. */
  add(sample: LoadSample, times: (counts: SampleCounts) => Histogram | undefined): void
  /** What is known so far, or in the end. */
  decision(options: DecisionOptions): Decision
  /** When it ended the run, in ms from the begin of the load; undefined where it did not. */
  readonly stoppedAtMs: number | undefined
}

/** When the stages of a threshold begin and end, in ms from the begin of the load. */
export interface Span {
  readonly stage: number
  readonly fromMs: number
  readonly toMs: number
}

/** Follows a threshold over the stages that it is about, one of `among` that may end the run. */
export function thresholdJudge(
  threshold: LoadThreshold,
  spans: readonly Span[],
  among: number,
): ThresholdJudge {
  const allowed = allowedFraction(threshold)
  const totals = { bad: 0, total: 0, failed: 0, atMs: 0 }
  const times = needsTimes(threshold) ? histogram() : undefined
  const windows = windowsOf(threshold, spans, allowed)
  const stop = stopOf(threshold, { spans, among, allowed })

  return {
    add(sample, timesOf) {
      const span = spans.find(({ stage }) => stage === sample.stage)
      if (span === undefined || threshold.metric !== undefined) return
      // Responses after the end of their stage belong to its end.
      const atMs = Math.min(sample.atMs, span.toMs)
      totals.atMs = Math.max(totals.atMs, atMs)
      const counts = countsFor(threshold, sample)
      const own = times && counts && timesOf(counts)
      if (own) times?.add(own)
      const counted = countedIn(threshold, sample, own)
      totals.bad += counted.bad
      totals.total += counted.total
      totals.failed += counts ? failedOf(counts) : 0
      windows?.add(atMs, counted)
      stop?.add(atMs, counted)
    },
    decision(options) {
      if (!options.whileRunning) windows?.close()
      const found = windows
        ? windowDecision(threshold, windows)
        : totalDecision(
            threshold,
            { ...totals, times, seconds: secondsOf(spans, totals.atMs) },
            options,
          )
      return stoppedAtMs() === undefined ? found : { ...found, ...stopped() }
    },
    get stoppedAtMs() {
      return stoppedAtMs()
    },
  }

  function stopped() {
    return { outcome: 'fail', why: 'stopped-early', stoppedAtMs: stoppedAtMs() } as const
  }

  function stoppedAtMs(): number | undefined {
    if (!threshold.abort) return undefined
    return windows ? windows.failedAtMs : stop?.decidedAtMs
  }
}

/** What a sample adds: of a rate visits, or requests of its step; otherwise requests or checks. */
function countedIn(
  threshold: LoadThreshold,
  sample: LoadSample,
  times: Histogram | undefined,
): Tally {
  const counts = countsFor(threshold, sample)
  if (threshold.quantity.kind !== 'rate') {
    return counts ? tally(threshold, counts, times) : { bad: 0, total: 0 }
  }
  if (threshold.step === undefined) return { bad: 0, total: sample.sent }
  return { bad: 0, total: counts ? counts.ok + failedOf(counts) : 0 }
}

/** Seconds of the stages up to so many ms. */
function secondsOf(spans: readonly Span[], atMs: number): number {
  const ms = spans.map(({ fromMs, toMs }) => Math.max(0, Math.min(atMs, toMs) - fromMs))
  return ms.reduce((sum, one) => sum + one, 0) / 1e3
}

function windowsOf(
  threshold: LoadThreshold,
  spans: readonly Span[],
  allowed: number | undefined,
): Windows | undefined {
  const { overSeconds: seconds, quantity } = threshold
  if (seconds === undefined) return undefined
  const bins = (secondsOf(spans, Number.POSITIVE_INFINITY) * 1e3) / binMs
  return slidingWindows({
    ...{ seconds, allowed, planned: Math.max(1, Math.round(bins)) },
    excess: ({ bad, total }) => {
      if (quantity.kind !== 'rate') return total === 0 ? 0 : bad / total - (allowed ?? 0)
      const rate = total / seconds
      const beyond = Math.abs(rate - threshold.limit)
      return holds(threshold, rate) ? -beyond : Math.max(beyond, Number.MIN_VALUE)
    },
  })
}

function stopOf(
  threshold: LoadThreshold,
  about: {
    readonly spans: readonly Span[]
    readonly among: number
    readonly allowed: number | undefined
  },
): EarlyStop | undefined {
  const { spans, among, allowed } = about
  if (!threshold.abort || threshold.overSeconds !== undefined || allowed === undefined)
    return undefined
  const fromMs = Math.min(...spans.map((span) => span.fromMs))
  const toMs = Math.max(...spans.map((span) => span.toMs))
  return earlyStop({ allowed, fromMs, toMs, among })
}

function windowDecision({ quantity, overSeconds = 1 }: LoadThreshold, windows: Windows): Decision {
  const { worst, failedAtMs } = windows
  if (worst === undefined || (worst.total === 0 && quantity.kind !== 'rate')) return nothing
  const { bad, total: n, fromMs, toMs } = worst
  const value = quantity.kind === 'rate' ? n / overSeconds : shownFraction(quantity.kind, bad / n)
  const found = { value, n, window: { fromMs, toMs } }
  if (failedAtMs !== undefined) return { outcome: 'fail', why: 'window', ...found }
  return windows.isBeyond
    ? { outcome: 'inconclusive', why: 'window-by-chance', ...found }
    : { outcome: 'pass', why: 'windows', ...found }
}

/** Of checks the fraction that passed; of all others the fraction that counts against the threshold. */
function shownFraction(kind: LoadThreshold['quantity']['kind'], bad: number): number {
  return kind === 'checks' ? 1 - bad : bad
}
