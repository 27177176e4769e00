import type { UsageError } from '../../kit/errors.ts'
import { meant, type Named, nameOf } from '../../kit/named.ts'
import { changeRatio, isChange, limitExamples, limitValue } from '../../plan/thresholds/limit.ts'
import { refuseLoadParts } from '../../plan/thresholds/refuse-load-parts.ts'
import { type ThresholdSource, thresholdError } from '../../plan/thresholds/threshold-error.ts'
import { thresholdParts } from '../../plan/thresholds/threshold-parts.ts'
import type { Part } from '../../plan/thresholds/threshold-tokens.ts'
import { type MetricName, metricNames, metrics } from '../../result/metrics.ts'

/** A rule that fails the run, as `--fail-on` gives it. */
export interface GateRule {
  /** As it was written. */
  readonly text: string
  readonly metric: MetricName
  /** Of the change against a base, as a ratio; or of the value itself, in the unit of the metric. */
  readonly threshold:
    | { readonly on: 'change'; readonly ratio: number }
    | { readonly on: 'absolute'; readonly value: number }
}

/** Names of metrics on the command line; rules also accept the names under which metrics are stored. */
export const ruleNames: readonly (Named & { readonly metric: MetricName })[] = [
  { name: 'throughput', aliases: ['rps', 'req/s'], metric: 'throughput' },
  { name: 'mean', metric: 'latencyMean' },
  { name: 'p50', aliases: ['median'], metric: 'latencyP50' },
  { name: 'p90', metric: 'latencyP90' },
  { name: 'p95', metric: 'latencyP95' },
  { name: 'p99', metric: 'latencyP99' },
  { name: 'p99.9', aliases: ['p999'], metric: 'latencyP999' },
  { name: 'max', metric: 'latencyMax' },
  { name: 'added-p50', metric: 'addedP50' },
  { name: 'added-p99', metric: 'addedP99' },
  { name: 'errors', metric: 'errorShare' },
  { name: 'cpu', aliases: ['cpu-per-request'], metric: 'cpuPerRequest' },
  { name: 'cpu-used', metric: 'cpuUsed' },
  { name: 'memory', aliases: ['rss'], metric: 'rssMean' },
  { name: 'memory-peak', metric: 'rssPeak' },
]

/** Metrics that may be 0 or negative, so that they have no ratio. */
const withoutRatio: readonly MetricName[] = ['errorShare', 'addedP50', 'addedP99']

/**
 * Reads a rule: METRIC, `<` or `>`, and a change (`+5%`, `-3%`) or a value (`20ms`, `0.1%`, `5000`, `120MiB`).
 * The sign tells a change from a value. Grammar: docs/reference/thresholds.md.
 *
 * @throws {UsageError} naming the column of the part that is not valid
 */
export function gateRule(text: string): GateRule {
  const written = { text, source: '--fail-on' }
  const parts = thresholdParts(written)
  const { metric: typed, comparison, limit } = parts
  const metric = metricNamed(typed, written)
  const wanted = metrics[metric].better === 'more' ? '<' : '>'
  const threshold = thresholdOf(metric, limit.text)
  if (comparison.text !== wanted) {
    const example = threshold === undefined ? exampleOf(metric) : limit.text
    throw thresholdError(written, {
      column: comparison.column,
      problem:
        comparison.text === ''
          ? `no ${wanted} after "${typed.text}"`
          : `"${comparison.text}" after "${typed.text}"`,
      remedy: `${typed.text} is worse when it is ${wanted === '>' ? 'higher' : 'lower'}: write '${typed.text}${wanted}${example}' in quotes`,
    })
  }
  if (threshold === undefined) throw limitError(metric, limit, written)
  refuseLoadParts(written, parts)
  return { text: `${typed.text}${comparison.text}${limit.text}`, metric, threshold }
}

/** The metrics of the rules on a change. */
export function changedMetrics(rules: readonly GateRule[]): MetricName[] {
  return rules.filter(({ threshold }) => threshold.on === 'change').map(({ metric }) => metric)
}

/** The metric behind one of `ruleNames`. */
export function metricOf(name: string): MetricName {
  return ruleNames.find((one) => one.name === name)?.metric as MetricName
}

/** The name of a metric in rules: `p99`. */
export function ruleName(metric: MetricName): string {
  return ruleNames.find((one) => one.metric === metric)?.name ?? metric
}

function metricNamed({ text: typed, column }: Part, written: ThresholdSource): MetricName {
  const stored = metricNames.find((name) => name === typed)
  const name = nameOf(typed, ruleNames)
  const found = stored ?? ruleNames.find((one) => one.name === name)?.metric
  if (found !== undefined) return found
  const problem = `unknown metric "${typed}"`
  throw thresholdError(written, { column, problem, remedy: meant(typed, ruleNames) })
}

/** The threshold; undefined where `typed` is neither a change nor a value of the metric. */
function thresholdOf(metric: MetricName, typed: string): GateRule['threshold'] | undefined {
  if (isChange(typed)) {
    const ratio = withoutRatio.includes(metric) ? undefined : changeRatio(typed)
    return ratio === undefined ? undefined : { on: 'change', ratio }
  }
  const value = limitValue(typed, metrics[metric].unit)
  return value === undefined ? undefined : { on: 'absolute', value }
}

function limitError(metric: MetricName, limit: Part, written: ThresholdSource): UsageError {
  const { text: typed, column } = limit
  const name = ruleName(metric)
  if (isChange(typed) && withoutRatio.includes(metric)) {
    return thresholdError(written, {
      ...{ column, problem: `"${typed}" is a change, and ${name} may be 0` },
      remedy: `give a value such as ${name}>${exampleOf(metric)}`,
    })
  }
  return thresholdError(written, {
    column,
    problem: typed === '' ? 'no threshold' : `"${typed}" is not a valid threshold for ${name}`,
    remedy: `give a change with its sign, such as +5%, or a value such as ${exampleOf(metric)}`,
  })
}

function exampleOf(metric: MetricName): string {
  return limitExamples[metrics[metric].unit]
}
