import { UsageError } from '../../kit/errors.ts'

/** A metric that the script counts itself, as `new Trend('name')` declares it. */
export type MetricKind = 'trend' | 'counter' | 'rate' | 'gauge'

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

/**
 * A threshold of k6 in the grammar of `lb load`: `p(95)<200` of http_req_duration is `p95 < 200ms`.
 *
 * @param metrics the script's own metrics by name
 * @throws {UsageError} there is no metric or figure of lb that says the same
 */
export function translateThreshold(
  threshold: K6Threshold,
  metrics: Readonly<Record<string, MetricKind>>,
): string {
  const [, name = '', selector] = /^([^{]+?)(?:\{(.*)\})?$/.exec(threshold.metric.trim()) ?? []
  const expression = parse(threshold)
  const step = selector === undefined ? '' : stepOf(selector, threshold)
  const kind = metrics[name]
  const translated =
    kind === undefined
      ? builtIn(name, expression, step)
      : step === '' && ownMetric(name, kind, expression)
  if (typeof translated !== 'string') throw untranslatable(threshold)
  return threshold.abort ? `${translated} !` : translated
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

/** ` of NAME` for a selector by name; nothing for those that all counted times fulfil. */
function stepOf(selector: string, threshold: K6Threshold): string {
  const [, tag = '', value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(selector) ?? []
  if (tag === 'expected_response' && value === 'true') return ''
  if (tag === 'name') return ` of "${value}"`
  throw untranslatable(threshold)
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
    'thresholds may be on http_req_duration, http_req_failed, checks, http_reqs (count), iterations (rate), with {name:…}, and on metrics of the script',
  )
}
