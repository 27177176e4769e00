import { plural } from '../../src/kit/plural.ts'
import { percent, quantity } from '../../src/kit/units.ts'
import type { Comparison, Finding, ResultDocument, Summary } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { againstSentences } from './comparisons.ts'
import { faultSentences } from './faults.ts'
import { type Row, rowsOf } from './rows.ts'

/** The run in a paragraph: who was best, by how much, how sure that is, and what limited it. */
export function summaryOf(document: ResultDocument): string {
  const capacity = ranked(rowsOf(document, 'capacity'))
  const latency = ranked(rowsOf(document, 'latency'))
  const { plan, baseline } = document
  // What is held against a base is not a contest of the arms with each other.
  const held = baseline !== undefined || plan.arms.some(({ variant }) => variant !== undefined)
  const ranking = held
    ? []
    : [
        ...most(document, capacity),
        ...fastest(document, latency.length > 0 ? latency : capacity),
        ...added(latency),
        ...growth(capacity),
      ]
  const sentences = [
    ...againstSentences(document),
    ...faultSentences(document),
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
  const on = `On ${plural(first.row.arm.cores, 'core')}`
  const against = heldAgainst(document, [first, second], 'throughput')
  const [much, less] = [figure(first, 'req/s'), figure(second, 'req/s')]
  const bound = boundOf(first, second)
  if (against.told && bound === undefined) {
    return [
      `${on}, ${first.row.label} answered most: ${much}, ${change(against.ratio, 'more', 'less')} than ${second.row.label} with ${less}; ${against.sure}.`,
    ]
  }
  return [
    `${on} no winner can be told: ${first.row.label} with ${much} and ${second.row.label} with ${less} are ${percent(against.ratio - 1)} apart; ${bound ?? against.sure}.`,
  ]
}

/** Why the order of two throughputs is not known: the lesser is only a lower bound. */
function boundOf({ row: first }: Estimate, { row: second }: Estimate): string | undefined {
  if (!second.finding.isLowerBound) return undefined
  return first.finding.isLowerBound
    ? 'neither was at its own limit'
    : `${second.label} was not at its own limit`
}

function fastest(document: ResultDocument, rows: readonly Row[]): string[] {
  const found = sorted(alike(rows), 'latencyP99')
  const [slow, fast] = [found[0], found.at(-1)]
  if (slow === undefined || fast === undefined || slow === fast) return []
  const where = fast.row.finding.phase === 'capacity' ? 'At saturation' : 'At the same rate'
  const against = heldAgainst(document, [fast, slow], 'latencyP99')
  const [least, highest] = [figure(fast, 's'), figure(slow, 's')]
  return [
    against.told
      ? `${where}, ${fast.row.label} had the lowest p99, ${least}, ${change(against.ratio, 'above', 'below')} the highest, that of ${slow.row.label} with ${highest}; ${against.sure}.`
      : `${where} no lowest p99 can be told: ${least} (${fast.row.label}) to ${highest} (${slow.row.label}); ${against.sure}.`,
  ]
}

/** What the balancers add to the backends alone, at the median: the tail is often that of the driver. */
function added(rows: readonly Row[]): string[] {
  const found = sorted(alike(rows), 'addedP50')
  const [most, least] = [found[0], found.at(-1)]
  if (most === undefined || least === undefined) return []
  const [low, high] = [figure(least, 's'), figure(most, 's')]
  return [
    most === least
      ? `${most.row.label} adds ${high} at p50 to the backends alone.`
      : `At p50 they add ${low} (${least.row.label}) to ${high} (${most.row.label}) to the backends alone.`,
  ]
}

/** From the fewest to the most cores, of the arms that differ by nothing else. */
function growth(rows: readonly Row[]): string[] {
  const grown = [...Map.groupBy(rows, ({ label }) => label).values()].flatMap((own) => {
    const byCores = own.toSorted((a, b) => a.arm.cores - b.arm.cores)
    const [few, many] = [byCores[0], byCores.at(-1)].map((row) => row && of(row, 'throughput'))
    if (few === undefined || many === undefined || byCores.length < 2) return []
    const span = `From ${plural(few.row.arm.cores, 'core')} to ${many.row.arm.cores}`
    const reach = `from ${figure(few, 'req/s')} to ${figure(many, 'req/s')}`
    return [{ span, label: few.row.label, reach }]
  })
  return [...Map.groupBy(grown, ({ span }) => span)].map(([span, all]) => {
    const [first, ...others] = all.map(({ label, reach }) => ({ label, reach }))
    const more = others.map(({ label, reach }) => `, ${label} ${reach}`).join('')
    return `${span}, ${first?.label} went ${first?.reach}${more}.`
  })
}

function limits(document: ResultDocument): string[] {
  const capacity = document.findings.filter(({ phase }) => phase === 'capacity')
  const by = Map.groupBy(capacity, ({ bottleneck }) => bottleneck)
  if (by.size === 1) {
    const [who] = by.keys()
    if (who === 'none') return ['In no arm did a process use all of its CPU.']
    return [`${whoLimited(who as Finding['bottleneck'])} in every arm.`]
  }
  return [...by].map(
    ([who, found]) => `${whoLimited(who)} in ${found.map(({ arm }) => arm).join(', ')}.`,
  )
}

function whoLimited(who: Finding['bottleneck']): string {
  if (who === 'none') return 'No process used all of its CPU'
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
  const bound = unit === 'req/s' && row.finding.isLowerBound ? 'at least ' : ''
  return `${bound}${quantity(summary.center, unit)}`
}

/** One estimate ÷ the other, and how far that may be believed. */
interface Held {
  readonly ratio: number
  readonly sure: string
  /** Whether it tells that the two differ. */
  readonly told: boolean
}

/** Two estimates, by their pairs where they were compared. */
function heldAgainst(
  document: ResultDocument,
  [a, b]: readonly [Estimate, Estimate],
  metric: MetricName,
): Held {
  const between = (arm: Estimate, base: Estimate) =>
    document.comparisons.find(
      (one) =>
        one.metric === metric && one.arm === arm.row.arm.name && one.base === base.row.arm.name,
    )
  const forth = between(a, b)
  if (forth) return paired(forth, forth.ratio)
  const back = between(b, a)
  if (back) {
    const { center, low, high, ...rest } = back.ratio
    return paired(back, { ...rest, center: 1 / center, low: 1 / high, high: 1 / low })
  }
  return unpaired(a.summary, b.summary)
}

function unpaired(a: Summary, b: Summary): Held {
  const ratio = a.center / b.center
  if (Math.min(a.n, b.n) < 2) {
    return { ratio, told: false, sure: 'one trial each cannot say how sure that is' }
  }
  if (a.low <= b.high && b.low <= a.high) {
    return { ratio, told: false, sure: 'their trials overlap, so this may be chance' }
  }
  // Of 4 trials a side chance alone sets so many apart one time in 35, of 3 one time in 10.
  return {
    ratio,
    told: Math.min(a.n, b.n) >= 4,
    sure: 'their trials do not overlap, though no interval of the difference was made',
  }
}

function paired({ outcome, margin }: Comparison, { center, low, high, confidence }: Summary): Held {
  const interval = `${percent(confidence)} interval of the ratio ${low.toFixed(3)} to ${high.toFixed(3)}`
  const sure = {
    better: `that holds (${interval})`,
    worse: `that holds (${interval})`,
    same: `that counts as the same (within ${percent(margin)}; ${interval})`,
    inconclusive: `whether that is more than chance is unclear (${interval})`,
    'too few trials': 'so few trials cannot decide whether that is chance',
  }[outcome]
  return { ratio: center, sure, told: outcome === 'better' || outcome === 'worse' }
}

function change(ratio: number, more: string, less: string): string {
  return `${percent(ratio - 1)} ${ratio < 1 ? less : more}`
}
