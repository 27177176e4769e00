import { rounded, scaled } from '../../src/kit/units.ts'
import { median } from '../../src/stats/estimates/quantile.ts'
import { type Summary, summarise } from '../../src/stats/estimates/summary.ts'
import { compare, type Pair } from '../../src/stats/tests/comparison.ts'
import { names } from './peer.ts'

/** What one contender gave, one a round. */
export interface Given {
  readonly name: string
  readonly version: string | undefined
  readonly seen: readonly Seen[]
}

/** What one round said of a contender. Seconds, bytes. */
export interface Seen {
  readonly rate: number
  readonly cost: number
  readonly bottleneck: string
  /** At saturation. */
  readonly residentBytes: number
  /** At the common rate; undefined where it was not asked. */
  readonly p99: number | undefined
  /** The most of both. */
  readonly residentMostBytes: number
}

/** What was measured, and how. */
export interface Peers {
  readonly conditions: string
  /** Requests per second at which p99 was taken. */
  readonly rate: number
  readonly given: readonly Given[]
}

type Figure = Exclude<keyof Seen, 'bottleneck'>

/** Milliseconds, microseconds, MiB. */
const scales = { p99: 1e-3, cost: 1e-6, residentMostBytes: 2 ** 20, rate: 1 } as const

/** The section of docs/measurements/performance.md, as markdown. */
export function section({ conditions, rate, given }: Peers): string {
  const rows = given.map((one) => row(one, given))
  return `${conditions}

| balancer | req/s | × nginx | CPU-µs per request | × nginx | memory, MiB | × nginx | p99 at ${rounded(rate)}/s, ms | × nginx | bottleneck |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${rows.join('\n')}

| bar | measured | |
| --- | ---: | --- |
${bars(given).map(barRow).join('\n')}
`
}

function row({ name, version, seen }: Given, given: readonly Given[]): string {
  const nginx = beside(name, given) ? given.find((one) => one.name === names.nginx) : undefined
  const cells = (['rate', 'cost', 'residentMostBytes', 'p99'] as const).flatMap((figure) => {
    const values = seen.map((one) => one[figure]).filter((value) => value !== undefined)
    if (values.length < seen.length) return ['–', '–']
    const value = scaled(median(values), { unit: '', divisor: scales[figure] })
    const least = figure === 'rate' && !isOwn(seen) ? '≥ ' : ''
    const times = nginx && ratio(nginx, { seen }, figure)
    return [`${least}${value}`, times === undefined ? '–' : interval(times)]
  })
  const who = version === undefined ? name : `${name} ${version}`
  return `| ${[who, ...cells, mostOften(seen.map((one) => one.bottleneck))].join(' | ')} |`
}

/** Whether it can be held against nginx: not itself, nor who shared its CPUs with driver and backends as nginx did not. */
function beside(name: string, given: readonly Given[]): boolean {
  const shared = given.some((one) => one.name === names.likeTwo)
  return name !== names.nginx && !(shared && [names.two, names.likeTwo].some((one) => one === name))
}

/** Whether most of its rates are its own, and not those of what loaded it. */
function isOwn(seen: readonly Seen[]): boolean {
  return seen.filter(({ bottleneck }) => bottleneck === 'itself').length * 2 > seen.length
}

function mostOften(words: readonly string[]): string {
  const times = (word: string) => words.filter((one) => one === word).length
  return words.reduce((most, word) => (times(word) > times(most) ? word : most), words[0] ?? '')
}

/**
 * How many times `base` the other is, from pairs of one round each; undefined where there are none. Infinite
 * where the other failed so many requests of a round that it has no p99 in it.
 */
function ratio(
  base: Pick<Given, 'seen'>,
  other: Pick<Given, 'seen'>,
  figure: Figure,
): Summary | undefined {
  const pairs = base.seen.flatMap((one, round): Pair[] => {
    const [from, to] = [one[figure], other.seen[round]?.[figure]]
    return from === undefined || to === undefined || !Number.isFinite(from) ? [] : [[from, to]]
  })
  if (pairs.length < 2) return undefined
  const finite = pairs.every(([, to]) => Number.isFinite(to))
  return finite ? compare(pairs, { better: 'less', margin: 0 }).ratio : boundless(pairs.length)
}

function boundless(n: number): Summary {
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

/** What must hold, and what was measured of it. */
interface Bar {
  readonly text: string
  readonly most: number
  readonly measured: Summary | undefined
}

/** The bars of the balancer's speed. */
function bars(given: readonly Given[]): Bar[] {
  const named = (name: string) => given.find((one) => one.name === name)
  const [ours, nginx, go] = [names.ours, names.nginx, names.go].map(named)
  const two = named(names.two)
  const one = named(names.likeTwo) ?? ours
  const between = (base: Given | undefined, other: Given | undefined, figure: Figure) =>
    base && other && ratio(base, other, figure)
  const bar = (text: string, most: number, measured: Summary | undefined) => ({
    text,
    most,
    measured,
  })
  return [
    bar('CPU per request, ÷ that of nginx', 1.6, between(nginx, ours, 'cost')),
    bar('CPU per request, ÷ that of Go', 0.5, between(go, ours, 'cost')),
    bar('p99 at the same rate, ÷ that of nginx', 3, between(nginx, ours, 'p99')),
    bar('CPU per request with 2 workers, ÷ that with 1', 1.15, between(one, two, 'cost')),
    bar('memory of 1 worker under load, MiB', 100, ours && memory(ours)),
    bar('memory of each further worker, MiB', 35, one && two && further(one, two)),
  ]
}

function memory({ seen }: Given): Summary {
  return summarise(seen.map(({ residentMostBytes }) => residentMostBytes / 2 ** 20))
}

function further(one: Given, two: Given): Summary {
  const more = two.seen.map(
    ({ residentBytes }, round) => residentBytes - (one.seen[round]?.residentBytes ?? 0),
  )
  return summarise(more.map((bytes) => bytes / 2 ** 20))
}

function barRow({ text, most, measured }: Bar): string {
  if (measured === undefined) return `| ${text}: ≤ ${most} | – | not measured |`
  return `| ${text}: ≤ ${most} | ${interval(measured)} | ${verdict(measured, most)} |`
}

/** Said outright only where the whole interval is on one side. */
function verdict({ center, low, high }: Summary, most: number): string {
  if (high <= most) return 'held'
  if (low > most) return 'not held'
  return center <= most ? 'open, likely held' : 'open, likely not held'
}

/**
 * `text` with what stands between the markers of `name` replaced, so that writing it twice changes nothing.
 * @throws {Error} the markers are not there
 */
export function replaceSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${begin} and ${end} are not in the document`)
  return `${text.slice(0, from + begin.length)}\n${content.trim()}\n${text.slice(to)}`
}
