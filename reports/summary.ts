import { percent, quantity } from '../src/kit/units.ts'
import type { Comparison, Finding, ResultDocument, Summary } from '../src/result/document.ts'
import type { MetricName } from '../src/result/metrics.ts'
import { againstSentences } from './against.ts'
import { type Row, rowsOf } from './rows.ts'
import { plural } from './words.ts'

/** The run in a paragraph: who was best, by how much, how sure that is, and what limited it. */
export function summaryOf(document: ResultDocument): string {
  const capacity = ranked(rowsOf(document, 'capacity'))
  const latency = ranked(rowsOf(document, 'latency'))
  const duel = document.plan.arms.some(({ variant }) => variant !== undefined)
  const ranking = duel
    ? []
    : [
        ...most(document, capacity),
        ...fastest(document, latency.length > 0 ? latency : capacity),
        ...growth(capacity),
      ]
  const sentences = [
    ...againstSentences(document),
    ...ranking,
    ...limits(document),
    ...apart(document),
  ]
  return sentences.length === 0 ? 'Nothing was measured that could be ranked.' : sentences.join(' ')
}

/** Rows that may be ranked: valid, and of something that balances. */
function ranked(rows: readonly Row[]): Row[] {
  return rows.filter(({ finding, arm }) => finding.validity === 'valid' && arm.algorithm !== 'none')
}

/** Rows that differ by their algorithm or target only: those on the number of cores that most share. */
function alike(rows: readonly Row[]): Row[] {
  const groups = Map.groupBy(rows, ({ arm }) => arm.cores)
  return [...groups.values()].reduce<Row[]>((a, b) => (b.length > a.length ? b : a), [])
}

function most(document: ResultDocument, rows: readonly Row[]): string[] {
  const [first, second] = sorted(alike(rows), 'throughput')
  if (first === undefined || second === undefined) return []
  const cores = plural(first.row.arm.cores, 'core')
  const against = held(document, [first, second], 'throughput')
  return [
    `On ${cores}, ${first.row.label} answered most: ${figure(first, 'req/s')}, ${change(against.ratio, 'more', 'less')} than ${second.row.label} with ${figure(second, 'req/s')}; ${against.sure}.`,
  ]
}

function fastest(document: ResultDocument, rows: readonly Row[]): string[] {
  const found = sorted(alike(rows), 'latencyP99')
  const [slow, fast] = [found[0], found.at(-1)]
  if (slow === undefined || fast === undefined || slow === fast) return []
  const where = fast.row.finding.phase === 'capacity' ? 'At saturation' : 'At the same rate'
  const against = held(document, [fast, slow], 'latencyP99')
  return [
    `${where}, ${fast.row.label} had the lowest p99, ${figure(fast, 's')}, ${change(against.ratio, 'above', 'below')} the highest, that of ${slow.row.label} with ${figure(slow, 's')}; ${against.sure}.`,
  ]
}

/** From the fewest to the most cores, of the arms that differ by nothing else. */
function growth(rows: readonly Row[]): string[] {
  return [...Map.groupBy(rows, ({ label }) => label).values()].flatMap((own) => {
    const byCores = own.toSorted((a, b) => a.arm.cores - b.arm.cores)
    const [few, many] = [byCores[0], byCores.at(-1)].map((row) => row && of(row, 'throughput'))
    if (few === undefined || many === undefined || byCores.length < 2) return []
    return [
      `From ${plural(few.row.arm.cores, 'core')} to ${many.row.arm.cores}, ${few.row.label} went from ${figure(few, 'req/s')} to ${figure(many, 'req/s')}.`,
    ]
  })
}

function limits(document: ResultDocument): string[] {
  const capacity = document.findings.filter(({ phase }) => phase === 'capacity')
  const by = Map.groupBy(capacity, ({ limitedBy }) => limitedBy)
  if (by.size === 1) {
    const [who] = by.keys()
    return [`${whoLimited(who as Finding['limitedBy'])} in every arm.`]
  }
  return [...by].map(
    ([who, found]) => `${whoLimited(who)} in ${found.map(({ arm }) => arm).join(', ')}.`,
  )
}

function whoLimited(who: Finding['limitedBy']): string {
  if (who === 'nothing') return 'No process used all of its CPU'
  return who === 'backends' ? 'The backends were the limit' : `The ${who} was the limit`
}

function apart({ findings }: ResultDocument): string[] {
  const count = (validity: Finding['validity']) =>
    new Set(findings.filter((one) => one.validity === validity).map(({ arm }) => arm)).size
  const over = count('oversubscribed')
  const invalid = count('invalid')
  return [
    ...(over > 0
      ? [
          `${plural(over, 'arm')} had more workers than CPUs and ${over === 1 ? 'is' : 'are'} not ranked.`,
        ]
      : []),
    ...(invalid > 0 ? [`${plural(invalid, 'arm')} had no valid trial and cannot be ranked.`] : []),
  ]
}

/** A row with its estimate of one metric. */
interface Estimate {
  readonly row: Row
  readonly summary: Summary
}

function of(row: Row, metric: MetricName): Estimate | undefined {
  const summary = row.finding.metrics[metric]
  return summary && { row, summary }
}

/** From the greatest to the least. */
function sorted(rows: readonly Row[], metric: MetricName): Estimate[] {
  return rows
    .flatMap((row) => of(row, metric) ?? [])
    .toSorted((a, b) => b.summary.center - a.summary.center)
}

function figure({ row, summary }: Estimate, unit: 'req/s' | 's'): string {
  const bound = unit === 'req/s' && row.finding.atLeast ? 'at least ' : ''
  return `${bound}${quantity(summary.center, unit)}`
}

/** One estimate ÷ the other, by their pairs where they were compared, and how far that may be believed. */
function held(
  document: ResultDocument,
  [a, b]: readonly [Estimate, Estimate],
  metric: MetricName,
): { readonly ratio: number; readonly sure: string } {
  const between = (arm: Estimate, base: Estimate) =>
    document.comparisons.find(
      (one) =>
        one.metric === metric && one.arm === arm.row.arm.name && one.base === base.row.arm.name,
    )
  const forth = between(a, b)
  if (forth) return { ratio: forth.ratio.center, sure: answer(forth, forth.ratio) }
  const back = between(b, a)
  if (back) {
    const { center, low, high, ...rest } = back.ratio
    const ratio = { ...rest, center: 1 / center, low: 1 / high, high: 1 / low }
    return { ratio: ratio.center, sure: answer(back, ratio) }
  }
  return { ratio: a.summary.center / b.summary.center, sure: overlap(a.summary, b.summary) }
}

function overlap(a: Summary, b: Summary): string {
  if (Math.min(a.n, b.n) < 2) return 'one trial each cannot say how sure that is'
  return a.low <= b.high && b.low <= a.high
    ? 'their trials overlap, so this may be chance'
    : 'their trials do not overlap, though no interval of the difference was made'
}

function answer({ answer: said, margin }: Comparison, { low, high, confidence }: Summary): string {
  const sure = `${percent(confidence)} interval of the ratio ${low.toFixed(3)} to ${high.toFixed(3)}`
  if (said === 'same') return `that counts as the same (within ${percent(margin)}; ${sure})`
  if (said === 'unclear') return `whether that is more than chance is unclear (${sure})`
  if (said === 'cannot decide') return 'so few trials cannot decide whether that is chance'
  return `that holds (${sure})`
}

function change(ratio: number, more: string, less: string): string {
  return `${percent(ratio - 1)} ${ratio < 1 ? less : more}`
}
