import { UsageError } from '../../kit/errors.ts'
import type { K6Selector } from '../../plan/load/k6-journey.ts'

/** The kind of a metric, as `new Trend('name')` declares it. */
export type MetricKind = K6Selector['kind']

/** A threshold of k6's options, and where it is. */
export interface K6Threshold {
  /** `http_req_duration`, `http_req_failed{name:login}`. */
  readonly metric: string
  /** `p(95)<200`. */
  readonly expression: string
  readonly abort: boolean
  /** File and line, for messages. */
  readonly where: string
}

/** An expression of k6: a figure, a comparison and a number. */
interface Expression {
  readonly figure: string
  readonly comparison: string
  readonly limit: number
}

const expressionPattern =
  /^\s*(p\(\s*[\d.]+\s*\)|avg|min|max|med|count|rate|value)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*$/

/** A threshold in the grammar of `lb load`. */
export interface TranslatedThreshold {
  readonly text: string
  /** The values that it is about, where they have to be counted for it. */
  readonly selector?: K6Selector
  /** What of it has no effect. */
  readonly note?: string
}

/** Metrics of k6 that can be counted by their tags. */
const countable: Readonly<Record<string, MetricKind>> = {
  ...{ http_reqs: 'counter', iterations: 'counter' },
  ...{ http_req_failed: 'rate', checks: 'rate' },
  ...{ http_req_duration: 'trend', http_req_waiting: 'trend', http_req_blocked: 'trend' },
  ...{ http_req_connecting: 'trend', http_req_tls_handshaking: 'trend' },
  ...{ http_req_sending: 'trend', http_req_receiving: 'trend' },
  ...{ iteration_duration: 'trend', group_duration: 'trend' },
}

/**
 * A threshold of k6 in the grammar of `lb load`: `p(95)<200` of http_req_duration is `p95 < 200ms`. One that selects values by
 * their tags, or is on a metric that lb does not have, is about a metric that the script's runtime counts for it.
 *
 * @param metrics the script's own metrics by name
 * @throws {UsageError} there is no metric or figure of lb that says the same
 */
export function translateThreshold(
  threshold: K6Threshold,
  metrics: Readonly<Record<string, MetricKind>>,
): TranslatedThreshold {
  const full = threshold.metric.trim()
  const [, name = '', selected = ''] = /^([^{]+?)\s*(?:\{(.*)\})?$/.exec(full) ?? []
  const expression = parse(threshold)
  const tags = tagsIn(selected)
  if (tags === undefined) throw untranslatable(threshold)
  const ownKind = metrics[name]
  const step = stepOf(tags, name)
  const native =
    ownKind === undefined && step !== undefined ? builtIn(name, expression, step) : undefined
  if (native !== undefined) return { text: threshold.abort ? `${native} !` : native }
  const kind = ownKind ?? countable[name]
  const text = kind && ownMetric(full, kind, expression)
  if (kind === undefined || text === undefined) throw untranslatable(threshold)
  const isPlain = ownKind !== undefined && selected === ''
  return {
    text,
    ...(!isPlain && { selector: { metric: name, tags, kind, name: full } }),
    ...(threshold.abort && {
      note: `${threshold.where}: abortOnFail has no effect on ${full}, which is judged at the end`,
    }),
  }
}

function parse(threshold: K6Threshold): Expression {
  const [, figure, comparison, limit] = expressionPattern.exec(threshold.expression) ?? []
  if (figure === undefined || comparison === undefined)
    throw new UsageError(
      `${threshold.where}: threshold "${threshold.expression}" of ${threshold.metric} cannot be read`,
      "write a figure, < or >, and a number: 'p(95)<200', 'rate<0.01'",
    )
  return { figure: figure.replaceAll(' ', ''), comparison, limit: Number(limit) }
}

/** The tags of `name:value,other:value`; undefined for any other text. */
function tagsIn(selector: string): Record<string, string> | undefined {
  const tags: Record<string, string> = {}
  if (selector.trim() === '') return tags
  // A value may have a colon, as an address does, and no comma.
  for (const part of selector.split(',')) {
    const [, tag, value] = /^\s*([\w-]+)\s*:\s*(.*?)\s*$/.exec(part) ?? []
    if (tag === undefined || value === undefined) return undefined
    tags[tag] = value
  }
  return tags
}

/** Selected requests as lb counts them: all, or ` of NAME` for a selector by name; undefined for any other tags. */
function stepOf(tags: Readonly<Record<string, string>>, metric: string): string | undefined {
  const [first, ...others] = Object.entries(tags)
  if (first === undefined) return ''
  if (others.length > 0) return undefined
  const [tag, value] = first
  // In lb a failed request has no time.
  if (tag === 'expected_response' && value === 'true' && metric === 'http_req_duration') return ''
  return tag === 'name' ? ` of "${value}"` : undefined
}

function builtIn(
  name: string,
  { figure, comparison, limit }: Expression,
  step: string,
): string | undefined {
  switch (name) {
    case 'http_req_duration':
      return isTime(figure) ? `${timeFigure(figure)}${step} ${comparison} ${limit}ms` : undefined
    case 'http_req_failed':
      return figure === 'rate' ? `errors${step} ${comparison} ${percent(limit)}` : undefined
    case 'checks':
      return figure === 'rate' ? `checks${step} ${comparison} ${percent(limit)}` : undefined
    case 'http_reqs':
      if (figure === 'count') return `requests${step} ${comparison} ${limit}`
      return figure === 'rate' && step !== '' ? `rate${step} ${comparison} ${limit}` : undefined
    case 'iterations':
      return figure === 'rate' && step === '' ? `rate ${comparison} ${limit}` : undefined
    default:
      return undefined
  }
}

function ownMetric(
  name: string,
  kind: MetricKind,
  { figure, comparison, limit }: Expression,
): string | undefined {
  switch (kind) {
    case 'trend':
      return isTime(figure)
        ? `${timeFigure(figure)} of "${name}" ${comparison} ${limit}`
        : undefined
    case 'rate':
      return figure === 'rate' ? `rate of "${name}" ${comparison} ${percent(limit)}` : undefined
    case 'counter':
      if (figure === 'rate') return `rate of "${name}" ${comparison} ${limit}/s`
      return figure === 'count' ? `count of "${name}" ${comparison} ${limit}` : undefined
    default:
      return figure === 'value' ? `value of "${name}" ${comparison} ${limit}` : undefined
  }
}

function isTime(figure: string): boolean {
  return figure.startsWith('p(') || ['avg', 'min', 'max', 'med'].includes(figure)
}

function timeFigure(figure: string): string {
  if (figure === 'avg') return 'mean'
  if (figure === 'med') return 'median'
  return figure.startsWith('p(') ? `p${figure.slice(2, -1)}` : figure
}

/** 1% of 0.01, without the digits that 0.07 × 100 would have. */
function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(12))}%`
}

function untranslatable({ metric, expression, where }: K6Threshold): UsageError {
  return new UsageError(
    `${where}: threshold "${expression}" of ${metric} has no counterpart`,
    'thresholds may be on http_req_duration and the other times of requests, http_req_failed, checks, http_reqs, iterations, iteration_duration, group_duration and metrics of the script, with {tag:value}',
  )
}
