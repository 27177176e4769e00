import { duration } from '../../kit/duration.ts'
import { UsageError } from '../../kit/errors.ts'
import { meant, type Named, nameOf } from '../../kit/named.ts'
import { type MetricName, metricNames, metrics } from '../../result/metrics.ts'

/** A limit that a run must keep, as `--fail-on` gives it. */
export interface GateRule {
  /** As it was written. */
  readonly text: string
  readonly metric: MetricName
  /** On the change against a base, as a ratio; or on the figure itself, in the unit of the metric. */
  readonly limit:
    | { readonly on: 'change'; readonly ratio: number }
    | { readonly on: 'absolute'; readonly value: number }
}

/** What metrics are called on the command line; the names of stored metrics are understood in rules too. */
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

/** Metrics that may be 0 or below, of which there is no ratio. */
const withoutRatio: readonly MetricName[] = ['errorShare', 'addedP50', 'addedP99']

/**
 * Reads a rule: METRIC, `<` or `>`, and a change (`+5%`, `-3%`) or a value (`20ms`, `0.1%`, `5000`, `120MiB`).
 * The sign is what tells a change from a value. Grammar: docs/guide/gates-in-ci.md.
 *
 * @throws {UsageError} that names the part that is not understood
 */
export function gateRule(text: string): GateRule {
  const [, typed = '', operator = '', limit = ''] =
    /^\s*([^\s<>=]*)\s*([<>=]*)\s*(.*?)\s*$/.exec(text) ?? []
  const metric = metricNamed(typed, text)
  const wanted = metrics[metric].better === 'more' ? '<' : '>'
  if (operator !== wanted) {
    throw wrong(
      text,
      operator === '' ? `no ${wanted} behind "${typed}"` : `"${operator}" behind "${typed}"`,
      `${typed} is better when it is ${metrics[metric].better}: write ${typed}${wanted}${limit || '…'}`,
    )
  }
  return { text: `${typed}${operator}${limit}`, metric, limit: limitOf(metric, limit, text) }
}

/** The metric behind one of `ruleNames`. */
export function metricOf(name: string): MetricName {
  return ruleNames.find((one) => one.name === name)?.metric as MetricName
}

/** What a metric is called in rules: `p99`. */
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

function limitOf(metric: MetricName, limit: string, text: string): GateRule['limit'] {
  const change = /^([+\-−])(\d+(?:\.\d+)?|\.\d+)\s*%$/.exec(limit)
  if (change) {
    if (withoutRatio.includes(metric)) {
      throw wrong(
        text,
        `"${limit}" is a change, and ${ruleName(metric)} may be 0`,
        `give a value such as ${ruleName(metric)}>${examples[metrics[metric].unit]}`,
      )
    }
    const sign = change[1] === '+' ? 1 : -1
    const ratio = 1 + (sign * Number(change[2])) / 100
    if (ratio > 0) return { on: 'change', ratio }
  }
  const value = amount(limit, metrics[metric].unit)
  if (value !== undefined) return { on: 'absolute', value }
  throw wrong(
    text,
    limit === '' ? 'no limit' : `"${limit}" is no limit for ${ruleName(metric)}`,
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

/** In base units; undefined where `limit` is no value of that unit. */
function amount(limit: string, unit: Unit): number | undefined {
  // A bare number would be seconds, which nobody means who writes p99>20.
  if (unit === 's') return /[a-zµ]$/.test(limit) ? duration(limit) : undefined
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?|\.\d+)\s*(\S*)$/.exec(limit) ?? []
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
