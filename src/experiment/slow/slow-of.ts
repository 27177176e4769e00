import type { SlowReport, SlowRequest } from '../../driver/slow-report.ts'
import type { ByCause, Slow, SlowCause } from '../../result/schemas/slow.ts'
import { type CauseSpan, overlapMs } from './cause-span.ts'
import { causeSpans, type Seen } from './cause-spans.ts'
import { nameCause } from './name-cause.ts'
import { requestSpans } from './request-spans.ts'
import type { StageBin } from './stage-bins.ts'
import { stallsOf } from './stalls.ts'

/** What is known of the slowest requests of a window, and what the meters saw meanwhile. */
export interface SlowFacts {
  /** The reports of the drivers on this host. */
  readonly reports: readonly SlowReport[]
  /** 2xx responses of the window, and their median in ms. */
  readonly responses: number
  readonly medianMs: number
  /** Responses of all drivers, from when the first of them began; none where they are not comparable. */
  readonly bins: readonly StageBin[]
  /** Bins before and after one that show how many responses are usual: all of its stage, unless the load changes in it. */
  readonly neighbours?: number | undefined
  readonly windowMs: number
  readonly seen: Omit<Seen, 'driver'>
}

/** Requests that are looked at: those above p99.9, at least so many. */
const [slowShare, minRequests] = [1e-3, 10]
/** Requests and spans that are shown. */
const [maxShown, maxSeen] = [64, 100]

/** The causes of the slowest requests and of the stalls of a window; undefined without a report of a driver. */
export function slowOf(facts: SlowFacts): Slow | undefined {
  const { reports, responses, medianMs, seen } = facts
  const [first] = reports
  if (first === undefined) return undefined
  const spans = causeSpans({ ...seen, driver: reports.flatMap(({ pauses }) => pauses) })
  const requests = reports
    .flatMap((report) => report.requests)
    .toSorted((a, b) => msOf(b) - msOf(a))
    .slice(0, Math.max(minRequests, Math.ceil(slowShare * responses)))
    .map((request) => {
      const own = requestSpans(request)
      const { dueMs: fromMs, endedMs: untilMs } = request
      const slow = { fromMs, untilMs, excessMs: Math.max(0, msOf(request) - medianMs) }
      return { ...slow, cause: nameCause(slow, [...spans, ...own]) }
    })
  const { openedMs, binsFromMs } = first
  const bins = facts.bins
    .map((bin) => ({
      ...bin,
      fromMs: bin.fromMs + binsFromMs,
      untilMs: bin.untilMs + binsFromMs,
    }))
    .filter((bin) => bin.fromMs >= openedMs && bin.untilMs <= openedMs + facts.windowMs)
  const stalls = [...Map.groupBy(bins, ({ stage }) => stage).values()]
    .flatMap((own) => stallsOf(own, facts.neighbours))
    .map((stall) => nameCause(stall, spans))
  const shown = requests.slice(0, maxShown)
  return {
    requests: counted(requests.map(({ cause }) => cause)),
    stalls: counted(stalls),
    slowest: shown.map(({ fromMs, untilMs, cause }) => ({
      at: inSeconds(fromMs - openedMs),
      seconds: inSeconds(untilMs - fromMs),
      cause,
    })),
    seen: shownSpans(spans, shown).map(({ cause, fromMs, untilMs }) => ({
      cause,
      from: inSeconds(fromMs - openedMs),
      until: inSeconds(untilMs - openedMs),
    })),
  }
}

/** The spans of the causes that are named, as far as they overlap a request with that cause; the longest ones. */
function shownSpans(
  spans: readonly CauseSpan[],
  requests: readonly {
    readonly fromMs: number
    readonly untilMs: number
    readonly cause: SlowCause
  }[],
): CauseSpan[] {
  return spans
    .filter((span) => requests.some((one) => one.cause === span.cause && overlapMs(span, one) > 0))
    .toSorted((a, b) => b.untilMs - b.fromMs - (a.untilMs - a.fromMs))
    .slice(0, maxSeen)
    .toSorted((a, b) => a.fromMs - b.fromMs)
}

function counted(causes: readonly SlowCause[]): ByCause {
  const counts: ByCause = {}
  for (const cause of causes) counts[cause] = (counts[cause] ?? 0) + 1
  return counts
}

function msOf({ dueMs, endedMs }: SlowRequest): number {
  return endedMs - dueMs
}

/** To the microsecond. */
function inSeconds(ms: number): number {
  return Number((ms / 1e3).toFixed(6))
}
