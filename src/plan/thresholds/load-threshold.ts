import { duration } from '../../kit/duration.ts'
import { type LimitUnit, limitExamples, limitValue } from './limit.ts'
import { loadMetric, type MeasuredMetric, suggestion } from './load-metric.ts'
import type { CustomKind, LoadQuantity } from './load-quantity.ts'
import { type ThresholdSource, thresholdError } from './threshold-error.ts'
import { type ThresholdParts, thresholdParts } from './threshold-parts.ts'
import type { Part } from './threshold-tokens.ts'

/** A condition on a load test that must hold. */
export interface LoadThreshold {
  /** As it was written. */
  readonly text: string
  readonly quantity: LoadQuantity
  /** The step that it is about; undefined for all of them. */
  readonly step?: string
  /** The custom metric that it is about. */
  readonly metric?: string
  readonly comparison: '<' | '<=' | '>' | '>='
  /** In the base unit: seconds, a fraction, per second, or a count; of a custom metric in its own unit. */
  readonly limit: number
  /** Indexes of the stages that it is about; undefined for the whole run. */
  readonly stages?: readonly number[]
  /** Seconds of every window in which it must hold; undefined where it must hold over the whole. */
  readonly overSeconds?: number
  /** Whether the run ends early where it fails. */
  readonly abort: boolean
}

/** The names that a threshold may use, from the plan of a load test. */
export interface ThresholdNames {
  /** Stages in their order, with their lengths in seconds. */
  readonly stages: readonly { readonly name: string; readonly seconds: number }[]
  /** Undefined where the journeys are code, whose steps are known once they run: then every name is accepted. */
  readonly steps: readonly string[] | undefined
  /** Factor by which the lengths of the stages were multiplied: windows are as much shorter, or longer (default: 1). */
  readonly timeScale?: number
  /** Custom metrics of a script, with their kinds. */
  readonly metrics?: Readonly<Record<string, CustomKind>>
}

/** Seconds between two samples of a load test: the shortest window. */
const sampleSeconds = 0.1

/**
 * Reads a threshold of a load test, which states what must hold: `p95 of list < 50ms over 5s @ hold !`. Names of
 * stages, steps and custom metrics are those of the plan. Grammar: docs/reference/thresholds.md.
 *
 * @throws {UsageError} naming the column of the part that is not valid
 */
export function loadThreshold(written: ThresholdSource, names: ThresholdNames): LoadThreshold {
  const parts = thresholdParts(written)
  const measured = loadMetric(written, parts, names)
  const comparison = comparisonOf(written, parts, measured)
  const limit = limitOf(written, parts, measured)
  const [firstStage] = parts.stages
  if (firstStage !== undefined && measured.metric !== undefined) {
    throw thresholdError(written, {
      column: firstStage.column,
      problem: `${measured.label} is a metric of a script, which is counted over the whole run`,
      remedy: 'leave "@" out',
    })
  }
  const stages = stagesOf(written, parts.stages, names)
  const overSeconds = windowOf(written, parts.over, { measured, stages, names })
  const isAborting = parts.abort !== undefined
  if (isAborting && !canAbort(measured)) {
    throw thresholdError(written, {
      ...{ column: parts.abort?.column ?? 1, problem: `"!" cannot end a run on ${measured.label}` },
      remedy: 'percentiles, max, errors and checks can; leave "!" out',
    })
  }
  return {
    ...{ text: written.text.trim(), quantity: measured.quantity, comparison, limit },
    ...(measured.step !== undefined && { step: measured.step }),
    ...(measured.metric !== undefined && { metric: measured.metric }),
    ...(stages && { stages }),
    ...(overSeconds !== undefined && { overSeconds }),
    abort: isAborting,
  }
}

/** Quantities that a proportion of requests or checks decides. */
const proportions: readonly LoadQuantity['kind'][] = ['percentile', 'errors', 'checks', 'max']

function canAbort({ quantity, metric }: MeasuredMetric): boolean {
  return metric === undefined && proportions.includes(quantity.kind)
}

function comparisonOf(
  written: ThresholdSource,
  { comparison, limit, metric }: ThresholdParts,
  { better, label, unit }: MeasuredMetric,
): LoadThreshold['comparison'] {
  const typed = comparison.text.replace('≤', '<=').replace('≥', '>=')
  const isOne = typed === '<' || typed === '<=' || typed === '>' || typed === '>='
  const wanted = better === 'more' ? '>' : '<'
  if (isOne && (better === undefined || typed.startsWith(wanted))) return typed
  const example = limit.text || limitExamples[unit]
  const subject = written.text.slice(metric.column - 1, comparison.column - 1).trimEnd()
  if (!isOne) {
    const problem =
      typed === ''
        ? `no ${better === undefined ? '< or >' : wanted} after ${label}`
        : `"${typed}" is not a comparison`
    const remedy = `write '${subject} ${wanted} ${example}' in quotes`
    throw thresholdError(written, { column: comparison.column, problem, remedy })
  }
  throw thresholdError(written, {
    column: comparison.column,
    problem: `a threshold of a load test states what must hold, and ${label} is better when it is ${better === 'more' ? 'higher' : 'lower'}`,
    remedy: `write '${subject} ${wanted} ${example}'`,
  })
}

function limitOf(
  written: ThresholdSource,
  { limit, metric, comparison }: ThresholdParts,
  { unit, label, better, metric: custom, quantity }: MeasuredMetric,
): number {
  const { column, text } = limit
  const own = custom === undefined || unit === 'fraction' ? undefined : inMilliseconds(text)
  const value = own ?? limitValue(text, unit)
  const isNothing = value === 0 && quantity.kind === 'percentile'
  if (value !== undefined && !isNothing) {
    refuseImpossible(written, {
      limit,
      comparison: comparison.text,
      value,
      unit,
      subject: metric.text,
    })
    return value
  }
  const example = better === 'more' && unit === 'fraction' ? '99.9%' : limitExamples[unit]
  const asPercent = unit === 'fraction' && /^[\d.]+$/.test(text) ? `${text}%` : undefined
  const asTime = unit === 's' && /^[\d.]+$/.test(text) ? `${text}ms` : undefined
  throw thresholdError(written, {
    column,
    problem: text === '' ? 'no limit' : `"${text}" is not a limit of ${label}`,
    remedy: `write for example ${metric.text} ${better === 'more' ? '>' : '<'} ${asPercent ?? asTime ?? example}`,
  })
}

/** Refuses `errors < 0` and `checks > 100%`: no run could meet them. */
function refuseImpossible(
  written: ThresholdSource,
  one: {
    readonly limit: Part
    readonly comparison: string
    readonly value: number
    readonly unit: LimitUnit
    readonly subject: string
  },
): void {
  const { limit, comparison, value, unit, subject } = one
  const isBelowNothing = comparison === '<' && value === 0
  const isAboveAll = comparison === '>' && value === 1 && unit === 'fraction'
  if (!isBelowNothing && !isAboveAll) return
  throw thresholdError(written, {
    column: limit.column,
    problem: isAboveAll ? 'nothing is above 100 %' : 'nothing is below 0',
    remedy: `write '${subject} ${comparison}= ${limit.text}'`,
  })
}

/** Times of custom metrics are in milliseconds, as in k6; a number stands for itself. */
function inMilliseconds(text: string): number | undefined {
  const seconds = duration(text)
  return seconds === undefined ? undefined : seconds * 1e3
}

function stagesOf(
  written: ThresholdSource,
  wanted: readonly Part[],
  { stages }: ThresholdNames,
): number[] | undefined {
  if (wanted.length === 0) return undefined
  const names = stages.map(({ name }) => name)
  const found = wanted.flatMap(({ text, column }) => {
    const indexes = names.flatMap((name, i) => (name === text ? [i] : []))
    if (indexes.length > 0) return indexes
    throw thresholdError(written, {
      ...{ column, problem: `no stage is called "${text}"` },
      remedy: suggestion(text, [...new Set(names)], 'stages'),
    })
  })
  return [...new Set(found)].toSorted((a, b) => a - b)
}

function windowOf(
  written: ThresholdSource,
  over: Part | undefined,
  about: {
    readonly measured: MeasuredMetric
    readonly stages: readonly number[] | undefined
    readonly names: ThresholdNames
  },
): number | undefined {
  if (over === undefined) return undefined
  const { measured, names } = about
  const wrong = (problem: string, remedy: string) =>
    thresholdError(written, { column: over.column, problem, remedy })
  const isWindowed =
    proportions.includes(measured.quantity.kind) || measured.quantity.kind === 'rate'
  if (measured.metric !== undefined || !isWindowed) {
    throw wrong(
      `${measured.label} has no windows`,
      'percentiles, max, errors, checks and rate have; leave "over" out',
    )
  }
  const asked = duration(over.text)
  if (asked === undefined) throw wrong(`"${over.text}" is not a time`, 'write for example over 5s')
  if (asked < sampleSeconds)
    throw wrong(`"${over.text}" is shorter than a sample`, 'give 100ms or more')
  const seconds = Math.max(sampleSeconds, asked * (names.timeScale ?? 1))
  const indexes = about.stages ?? names.stages.keys()
  const lengths = [...indexes].map((i) => names.stages[i]?.seconds ?? 0)
  const longest = about.stages ? Math.max(...lengths) : lengths.reduce((sum, one) => sum + one, 0)
  if (seconds <= longest) return seconds
  const which = about.stages ? 'the stage' : 'the run'
  const scale = seconds === asked ? '' : `, with --time-scale ${names.timeScale}`
  throw wrong(`${over.text} is longer than ${which}, of ${longest}s${scale}`, 'give a shorter time')
}
