import { nearest } from '../../kit/nearest.ts'
import type { LimitUnit } from './limit.ts'
import {
  type CustomKind,
  type LoadQuantity,
  loadMetrics,
  percentileNamed,
} from './load-quantity.ts'
import { type ThresholdSource, thresholdError } from './threshold-error.ts'
import type { ThresholdParts } from './threshold-parts.ts'
import type { Part } from './threshold-tokens.ts'

/** The metric of a threshold, found among those of a load test. */
export interface MeasuredMetric {
  readonly quantity: LoadQuantity
  readonly unit: LimitUnit
  /** The side that a threshold demands; undefined where either makes sense. */
  readonly better?: 'more' | 'less'
  /** For messages: `p95 of list`. */
  readonly label: string
  readonly step?: string
  /** Name of a custom metric. */
  readonly metric?: string
}

/** Names of steps, undefined where they are not known before the run, and of custom metrics. */
interface MetricNames {
  readonly steps: readonly string[] | undefined
  readonly metrics?: Readonly<Record<string, CustomKind>>
}

/**
 * The metric of a threshold: one of lb, of all requests or `of` a step; or a custom metric by its name, a trend with the
 * figure that is limited (`p95 of waiting_time`).
 *
 * @throws {UsageError} there is no such metric, step or figure
 */
export function loadMetric(
  written: ThresholdSource,
  { metric, of }: ThresholdParts,
  { steps, metrics = {} }: MetricNames,
): MeasuredMetric {
  const own = ownMetric(metric.text)
  if (of === undefined) {
    if (own !== undefined) return own
    const kind = metrics[metric.text]
    if (kind === undefined) throw unknownMetric(written, metric, metrics)
    return customMetric(written, { figure: undefined, name: metric, kind })
  }
  const kind = metrics[of.text]
  if (steps?.includes(of.text) || (steps === undefined && kind === undefined)) {
    if (own === undefined) throw unknownMetric(written, metric, metrics)
    return { ...own, step: of.text, label: `${own.label} of ${of.text}` }
  }
  if (kind !== undefined) return customMetric(written, { figure: metric, name: of, kind })
  throw thresholdError(written, {
    column: of.column,
    problem: `no step${Object.keys(metrics).length > 0 ? ' and no metric' : ''} is called "${of.text}"`,
    remedy: suggestion(of.text, [...(steps ?? []), ...Object.keys(metrics)], 'steps'),
  })
}

/** A metric of lb of all requests; undefined where `typed` is none. */
function ownMetric(typed: string): MeasuredMetric | undefined {
  const percent = percentileNamed(typed)
  if (percent !== undefined) {
    const quantity = { kind: 'percentile', percent } as const
    return { quantity, unit: 's', better: 'less', label: typed }
  }
  const found = loadMetrics.find(
    ({ name, aliases = [] }) => name === typed || aliases.includes(typed),
  )
  if (found === undefined) return undefined
  const { quantity, unit, better, name } = found
  return { quantity, unit, label: name, ...(better && { better }) }
}

/** The figures of each kind of custom metric except a trend, by the names of k6. */
const figures: Readonly<
  Record<Exclude<CustomKind, 'trend'>, { name: string; kind: 'value' | 'sum' | 'passed' }>
> = {
  counter: { name: 'count', kind: 'sum' },
  rate: { name: 'rate', kind: 'passed' },
  gauge: { name: 'value', kind: 'value' },
}

const trendFigures = ['p95', 'mean', 'min', 'max', 'median']

interface CustomName {
  readonly figure: Part | undefined
  readonly name: Part
  readonly kind: CustomKind
}

function customMetric(written: ThresholdSource, about: CustomName): MeasuredMetric {
  const { figure, name, kind } = about
  const quantity = kind === 'trend' ? trendQuantity(figure) : customQuantity(figure, kind)
  if (quantity === undefined) throw wrongFigure(written, about)
  return {
    quantity,
    unit: quantity.kind === 'pace' ? 'req/s' : kind === 'rate' ? 'fraction' : 'count',
    label: figure === undefined ? name.text : `${figure.text} of ${name.text}`,
    metric: name.text,
  }
}

/** The figure of a trend; undefined where there is none, or it is no figure of times. */
function trendQuantity(figure: Part | undefined): LoadQuantity | undefined {
  const quantity = figure && ownMetric(figure.text)?.quantity
  const isTime = quantity && ['percentile', 'mean', 'min', 'max'].includes(quantity.kind)
  return isTime ? quantity : undefined
}

function customQuantity(
  figure: Part | undefined,
  kind: Exclude<CustomKind, 'trend'>,
): LoadQuantity | undefined {
  if (kind === 'counter' && figure?.text === 'rate') return { kind: 'pace' }
  const { name, kind: quantity } = figures[kind]
  return figure === undefined || figure.text === name ? { kind: quantity } : undefined
}

function wrongFigure(written: ThresholdSource, { figure, name, kind }: CustomName) {
  const examples = kind === 'trend' ? trendFigures : [figures[kind].name]
  return thresholdError(written, {
    column: (figure ?? name).column,
    problem:
      figure === undefined
        ? `"${name.text}" is a ${kind} with several figures`
        : `"${figure.text}" is no figure of a ${kind}`,
    remedy: `write ${examples.map((one) => `${one} of ${name.text}`).join(' or ')}`,
  })
}

function unknownMetric(
  written: ThresholdSource,
  { text, column }: Part,
  metrics: Readonly<Record<string, CustomKind>>,
) {
  const names = ['p99', ...loadMetrics.map(({ name }) => name), ...Object.keys(metrics)]
  const problem = text === '' ? 'no metric' : `unknown metric "${text}"`
  return thresholdError(written, { column, problem, remedy: suggestion(text, names, 'metrics') })
}

/** `did you mean hold? the stages are ramp up, hold`. */
export function suggestion(typed: string, names: readonly string[], kind: string): string {
  if (names.length === 0) return `there are no ${kind}`
  const near = nearest(typed, names)
  const all = `the ${kind} are ${names.join(', ')}`
  return near === undefined ? all : `did you mean ${near}? ${all}`
}
