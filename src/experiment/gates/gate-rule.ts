import { duration } from '../../kit/duration.ts'
import { UsageError } from '../../kit/errors.ts'
import { meant, type Named, nameOf } from '../../kit/named.ts'
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
 * The sign tells a change from a value. Grammar: docs/guide/gates-in-ci.md.
 *
 * @throws {UsageError} naming the part that is not valid
 */
export function gateRule(text: string): GateRule {
  const [, typed = '', operator = '', typedThreshold = ''] =
    /^\s*([^\s<>=]*)\s*([<>=]*)\s*(.*?)\s*$/.exec(text) ?? []
  const metric = metricNamed(typed, text)
  const wanted = metrics[metric].better === 'more' ? '<' : '>'
  const threshold = thresholdOf(metric, typedThreshold)
  if (operator !== wanted) {
    const example = threshold === undefined ? exampleOf(metric) : typedThreshold
    throw ruleError(
      text,
      operator === '' ? `no ${wanted} after "${typed}"` : `"${operator}" after "${typed}"`,
      `${typed} is worse when it is ${wanted === '>' ? 'higher' : 'lower'}: write '${typed}${wanted}${example}' in quotes`,
    )
  }
  if (threshold === undefined) throw thresholdError(metric, typedThreshold, text)
  return { text: `${typed}${operator}${typedThreshold}`, metric, threshold }
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

function metricNamed(typed: string, text: string): MetricName {
  const stored = metricNames.find((name) => name === typed)
  const name = nameOf(typed, ruleNames)
  const found = stored ?? ruleNames.find((one) => one.name === name)?.metric
  if (found !== undefined) return found
  throw ruleError(text, `unknown metric "${typed}"`, meant(typed, ruleNames))
}

/** The threshold; undefined where `typed` is neither a change nor a value of the metric. */
function thresholdOf(metric: MetricName, typed: string): GateRule['threshold'] | undefined {
  const [, sign, percentage] = changePattern.exec(typed) ?? []
  if (percentage !== undefined) {
    const ratio = 1 + ((sign === '+' ? 1 : -1) * Number(percentage)) / 100
    return ratio > 0 && !withoutRatio.includes(metric) ? { on: 'change', ratio } : undefined
  }
  const value = amount(typed, metrics[metric].unit)
  return value === undefined ? undefined : { on: 'absolute', value }
}

const changePattern = /^([+\-−])(\d+(?:\.\d+)?|\.\d+)\s*%$/

function thresholdError(metric: MetricName, typed: string, text: string): UsageError {
  const name = ruleName(metric)
  if (changePattern.test(typed) && withoutRatio.includes(metric)) {
    return ruleError(
      text,
      `"${typed}" is a change, and ${name} may be 0`,
      `give a value such as ${name}>${exampleOf(metric)}`,
    )
  }
  return ruleError(
    text,
    typed === '' ? 'no threshold' : `"${typed}" is not a valid threshold for ${name}`,
    `give a change with its sign, such as +5%, or a value such as ${exampleOf(metric)}`,
  )
}

function exampleOf(metric: MetricName): string {
  return examples[metrics[metric].unit]
}

type Unit = (typeof metrics)[MetricName]['unit']

const examples: Readonly<Record<Unit, string>> = {
  'req/s': '5000',
  s: '20ms',
  bytes: '120MiB',
  cpus: '0.8',
  fraction: '0.1%',
  instructions: '250000',
}

/** In base units; undefined where `typed` is not a value of that unit. */
function amount(typed: string, unit: Unit): number | undefined {
  // A bare number would be seconds, but a user who writes p99>20 means milliseconds: refused.
  if (unit === 's') return /[a-zµ]$/.test(typed) ? duration(typed) : undefined
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?|\.\d+)\s*(\S*)$/.exec(typed) ?? []
  const factor = suffixes[unit][suffix]
  return number === '' || factor === undefined ? undefined : Number(number) * factor
}

const suffixes: Readonly<Record<Exclude<Unit, 's'>, Readonly<Record<string, number>>>> = {
  'req/s': { '': 1, 'req/s': 1, rps: 1 },
  bytes: {
    ...{ B: 1, kB: 1e3, MB: 1e6, GB: 1e9 },
    ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
  },
  cpus: { '': 1 },
  fraction: { '': 1, '%': 0.01 },
  instructions: { '': 1, k: 1e3, M: 1e6 },
}

function ruleError(text: string, problem: string, remedy: string): UsageError {
  return new UsageError(`--fail-on "${text}": ${problem}`, remedy)
}
