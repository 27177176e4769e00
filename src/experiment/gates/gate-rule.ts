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
  { name: 'p99', metric: 'latencyP99' },
  { name: 'p99.9', aliases: ['p999'], metric: 'latencyP999' },
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
  const [, typed = '', operator = '', threshold = ''] =
    /^\s*([^\s<>=]*)\s*([<>=]*)\s*(.*?)\s*$/.exec(text) ?? []
  const metric = metricNamed(typed, text)
  const wanted = metrics[metric].better === 'more' ? '<' : '>'
  if (operator !== wanted) {
    throw wrong(
      text,
      operator === '' ? `no ${wanted} behind "${typed}"` : `"${operator}" behind "${typed}"`,
      `${typed} is better when it is ${metrics[metric].better}: write ${typed}${wanted}${threshold || '…'}`,
    )
  }
  return {
    text: `${typed}${operator}${threshold}`,
    metric,
    threshold: thresholdOf(metric, threshold, text),
  }
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
  throw wrong(text, `unknown metric "${typed}"`, meant(typed, ruleNames))
}

function thresholdOf(metric: MetricName, typed: string, text: string): GateRule['threshold'] {
  const change = /^([+\-−])(\d+(?:\.\d+)?|\.\d+)\s*%$/.exec(typed)
  if (change) {
    if (withoutRatio.includes(metric)) {
      throw wrong(
        text,
        `"${typed}" is a change, and ${ruleName(metric)} may be 0`,
        `give a value such as ${ruleName(metric)}>${examples[metrics[metric].unit]}`,
      )
    }
    const sign = change[1] === '+' ? 1 : -1
    const ratio = 1 + (sign * Number(change[2])) / 100
    if (ratio > 0) return { on: 'change', ratio }
  }
  const value = amount(typed, metrics[metric].unit)
  if (value !== undefined) return { on: 'absolute', value }
  throw wrong(
    text,
    typed === '' ? 'no threshold' : `"${typed}" is not a valid threshold for ${ruleName(metric)}`,
    `give a change with its sign, such as +5%, or a value such as ${examples[metrics[metric].unit]}`,
  )
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

function wrong(text: string, what: string, remedy: string): UsageError {
  return new UsageError(`--fail-on "${text}": ${what}`, remedy)
}
