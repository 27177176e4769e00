import { rounded, scaled } from '../../src/kit/units.ts'
import { median } from '../../src/stats/estimates/quantile.ts'
import { type Summary, summarise } from '../../src/stats/estimates/summary.ts'
import { compare, type Pair } from '../../src/stats/tests/comparison.ts'
import { names } from './peer.ts'

/** The results of one balancer, one per round. */
export interface PeerResult {
  readonly name: string
  readonly version: string | undefined
  readonly seen: readonly RoundResult[]
}

/** The result of a balancer in one round. Seconds, bytes. */
export interface RoundResult {
  readonly rate: number
  readonly cost: number
  readonly bottleneck: string
  /** At saturation. */
  readonly residentBytes: number
  /** At the common rate; undefined where it was not measured. */
  readonly p99: number | undefined
  /** CPU-seconds per request at 1,000 requests per second; undefined where it was not measured. */
  readonly lowRateCost: number | undefined
  /** The maximum of both loads. */
  readonly maxResidentBytes: number
}

/** The results of all balancers, and the conditions. */
export interface Peers {
  readonly conditions: string
  /** Requests per second at which p99 was taken; undefined: in closed loop. */
  readonly rate: number | undefined
  readonly given: readonly PeerResult[]
}

type Figure = Exclude<keyof RoundResult, 'bottleneck'>

/** Columns of the table, in their order. */
const closedLoopFigures = ['rate', 'cost', 'maxResidentBytes', 'p99'] as const
const allFigures = ['rate', 'cost', 'lowRateCost', 'maxResidentBytes', 'p99'] as const

/** Milliseconds, microseconds, MiB. */
const scales = {
  p99: 1e-3,
  cost: 1e-6,
  lowRateCost: 1e-6,
  maxResidentBytes: 2 ** 20,
  rate: 1,
} as const

/** The section of docs/measurements/performance.md, as markdown. */
export function section({ conditions, rate, given }: Peers): string {
  const load = rate === undefined ? 'in closed loop' : `at ${rounded(rate)}/s`
  const titles = {
    rate: 'req/s',
    cost: 'CPU-µs per request',
    lowRateCost: 'at 1,000/s',
    maxResidentBytes: 'memory, MiB',
    p99: `p99 ${load}, ms`,
  }
  const columns = rate === undefined ? closedLoopFigures : allFigures
  const rows = given.map((one) => row(one, { given, columns }))
  const header = columns.flatMap((figure) => [titles[figure], '× nginx'])
  return `${conditions}

| balancer | ${header.join(' | ')} | bottleneck |
| --- |${header.map(() => ' ---: |').join('')} --- |
${rows.join('\n')}
${rate === undefined ? '' : barTable(given)}`
}

function barTable(given: readonly PeerResult[]): string {
  return `
| bar | measured | |
| --- | ---: | --- |
${bars(given).map(barRow).join('\n')}
`
}

function row(
  { name, version, seen }: PeerResult,
  {
    given,
    columns,
  }: {
    readonly given: readonly PeerResult[]
    readonly columns: readonly (typeof allFigures)[number][]
  },
): string {
  const nginx = comparesWithNginx(name, given)
    ? given.find((one) => one.name === names.nginx)
    : undefined
  const cells = columns.flatMap((figure) => {
    const values = seen.map((one) => one[figure]).filter((value) => value !== undefined)
    if (values.length < seen.length) return ['–', '–']
    const value = scaled(median(values), { unit: '', divisor: scales[figure] })
    const least = figure === 'rate' && !isOwn(seen) ? '≥ ' : ''
    const times = nginx && ratio(nginx, { seen }, figure)
    return [`${least}${value}`, times === undefined ? '–' : interval(times)]
  })
  const who = version === undefined ? name : `${name} ${version}`
  return `| ${[who, ...cells, mostFrequent(seen.map((one) => one.bottleneck))].join(' | ')} |`
}

/** Whether a balancer can be compared with nginx: not nginx itself, nor one that shared its CPUs with driver and backends. */
function comparesWithNginx(name: string, given: readonly PeerResult[]): boolean {
  const shared = given.some((one) => one.name === names.likeTwo)
  const two: readonly string[] = [names.two, names.likeTwo, names.nginxTwo, names.nginxLikeTwo]
  return name !== names.nginx && !(shared && two.includes(name))
}

/** Whether the balancer was the bottleneck in most rounds. */
function isOwn(seen: readonly RoundResult[]): boolean {
  return seen.filter(({ bottleneck }) => bottleneck === 'itself').length * 2 > seen.length
}

function mostFrequent(words: readonly string[]): string {
  const times = (word: string) => words.filter((one) => one === word).length
  return words.reduce((max, word) => (times(word) > times(max) ? word : max), words[0] ?? '')
}

/**
 * The ratio of the other to `base`, from pairs of the same round; undefined without pairs. Infinite
 * where the other failed so many requests of a round that it has no p99 in it.
 */
function ratio(
  base: Pick<PeerResult, 'seen'>,
  other: Pick<PeerResult, 'seen'>,
  figure: Figure,
): Summary | undefined {
  const pairs = base.seen.flatMap((one, round): Pair[] => {
    const [from, to] = [one[figure], other.seen[round]?.[figure]]
    return from === undefined || to === undefined || !Number.isFinite(from) ? [] : [[from, to]]
  })
  if (pairs.length < 2) return undefined
  const finite = pairs.every(([, to]) => Number.isFinite(to))
  return finite ? compare(pairs, { better: 'less', margin: 0 }).ratio : infiniteRatio(pairs.length)
}

function infiniteRatio(n: number): Summary {
  const center = Number.POSITIVE_INFINITY
  return {
    center,
    low: center,
    high: center,
    estimator: 'mean',
    interval: 'range',
    confidence: 0,
    n,
    warnings: [],
  }
}

function interval({ center, low, high }: Summary): string {
  return `${rounded(center)} (${rounded(low)} to ${rounded(high)})`
}

/** A requirement, and the measured value; without a maximum, only for comparison. */
interface Bar {
  readonly text: string
  readonly max?: number
  readonly measured: Summary | undefined
}

/** The requirements of the balancer's performance. */
function bars(given: readonly PeerResult[]): Bar[] {
  const named = (name: string) => given.find((one) => one.name === name)
  const [ours, nginx, go] = [names.ours, names.nginx, names.go].map(named)
  const two = named(names.two)
  const one = named(names.likeTwo) ?? ours
  const between = (base: PeerResult | undefined, other: PeerResult | undefined, figure: Figure) =>
    base && other && ratio(base, other, figure)
  const bar = (text: string, max: number, measured: Summary | undefined): Bar => ({
    text,
    max,
    measured,
  })
  const nginxTwo = named(names.nginxTwo)
  const nginxOne = named(names.nginxLikeTwo) ?? nginx
  return [
    bar('CPU per request, ÷ that of nginx', 1.2, between(nginx, ours, 'cost')),
    bar('CPU per request, ÷ that of Go', 0.5, between(go, ours, 'cost')),
    bar('p99 at the same rate, ÷ that of nginx', 3, between(nginx, ours, 'p99')),
    bar('CPU per request with 2 workers, ÷ that with 1', 1.1, between(one, two, 'cost')),
    { text: 'the same of nginx', measured: between(nginxOne, nginxTwo, 'cost') },
    {
      text: 'CPU per request at 1,000/s, ÷ that of nginx',
      measured: between(nginx, ours, 'lowRateCost'),
    },
    bar('memory of 1 worker under load, MiB', 100, ours && memory(ours)),
    bar('memory of each further worker, MiB', 35, one && two && further(one, two)),
  ]
}

function memory({ seen }: PeerResult): Summary {
  return summarise(seen.map(({ maxResidentBytes }) => maxResidentBytes / 2 ** 20))
}

function further(one: PeerResult, two: PeerResult): Summary {
  const more = two.seen.map(
    ({ residentBytes }, round) => residentBytes - (one.seen[round]?.residentBytes ?? 0),
  )
  return summarise(more.map((bytes) => bytes / 2 ** 20))
}

function barRow({ text, max, measured }: Bar): string {
  const title = max === undefined ? text : `${text}: ≤ ${max}`
  if (measured === undefined) return `| ${title} | – | not measured |`
  return `| ${title} | ${interval(measured)} | ${max === undefined ? '' : verdict(measured, max)} |`
}

/** Decided only where the complete interval is on one side. */
function verdict({ center, low, high }: Summary, max: number): string {
  if (high <= max) return 'held'
  if (low > max) return 'not held'
  return center <= max ? 'open, likely held' : 'open, likely not held'
}

/**
 * `text` with the content between the markers of `name` replaced.
 * @throws {Error} the markers do not exist
 */
export function replaceSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${begin} and ${end} are not in the document`)
  return `${text.slice(0, from + begin.length)}\n${content.trim()}\n${text.slice(to)}`
}
