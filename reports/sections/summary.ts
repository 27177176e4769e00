import { plural } from '../../src/kit/plural.ts'
import { quantity } from '../../src/kit/units.ts'
import type { Finding, ResultDocument } from '../../src/result/document.ts'
import { claimSentences, lackSentences } from './claim-sentences.ts'
import { bySize, type Estimate, estimate, significance } from './estimates.ts'
import { faultSentences } from './faults.ts'
import { notCoping } from './not-coping.ts'
import { onlyArm } from './only-arm.ts'
import { outcomeSentences } from './outcome-sentences.ts'
import { type Row, rowsOf, withSameCores } from './rows.ts'
import { tuneSentences } from './tune.ts'

/** The run in a paragraph: which arm was best, by how much, how certain that is, and the bottlenecks. */
export function summaryOf(document: ResultDocument): string {
  return summarySentences(document).join(' ')
}

/** The same as sentences, the answer first. */
export function summarySentences(document: ResultDocument): string[] {
  return [...answerSentences(document), ...bottlenecks(document), ...excluded(document)]
}

/** What a run says, the weightiest sentence first; one sentence at least. */
export function answerSentences(document: ResultDocument): string[] {
  const capacity = ranked(rowsOf(document, 'capacity'))
  const latency = ranked(rowsOf(document, 'latency'))
  const { plan, baseline } = document
  // A run with a base is compared with that, and its arms are not ranked.
  const hasBase = baseline !== undefined || plan.arms.some(({ variant }) => variant !== undefined)
  const claims = claimSentences(document)
  const ranking = hasBase
    ? []
    : [
        ...notCoping(capacity, latency),
        ...(claims.length > 0 ? claims : highestThroughput(document, capacity)),
        ...lowestTail(document, latency.length > 0 ? latency : capacity),
        ...addedLatency(latency),
        ...growth(capacity),
        ...lackSentences(document),
      ]
  const tuned = document.findings.length === 0 ? [] : tuneSentences(document)
  if (tuned.length > 0) return tuned
  const sentences = [...outcomeSentences(document), ...faultSentences(document), ...ranking]
  if (sentences.length > 0) return sentences
  if (document.findings.length === 0) return ['No trial was completed: there is nothing to rank.']
  const only = hasBase ? [] : onlyArm(capacity, latency)
  const isNoneValid = !document.findings.some(({ validity }) => validity === 'valid')
  return isNoneValid ? ['No arm has a valid trial: there is nothing to rank.'] : only
}

/** Rows that may be ranked: valid, and of a balancer. */
function ranked(rows: readonly Row[]): Row[] {
  return rows.filter(({ finding, arm }) => finding.validity === 'valid' && arm.algorithm !== 'none')
}

function highestThroughput(document: ResultDocument, rows: readonly Row[]): string[] {
  const [first, second] = bySize(withSameCores(rows), 'throughput')
  if (first === undefined || second === undefined) return []
  const cores = plural(first.row.arm.cores, 'core')
  const [best, next] = [named(first, 'req/s'), named(second, 'req/s')]
  const bound = lowerBoundReason(first, second)
  if (bound !== undefined) {
    return [`No winner in throughput on ${cores}: ${best} and ${next}; ${bound}.`]
  }
  const { isSignificant, words } = significance(document, [first, second], 'throughput')
  return [
    isSignificant
      ? `Highest throughput on ${cores}: ${best}, then ${next}; ${words}.`
      : `No significant difference in throughput on ${cores}: ${best} and ${next}; ${words}.`,
  ]
}

/** Why the order of two throughputs is unknown: the smaller is only a lower bound. */
function lowerBoundReason({ row: first }: Estimate, { row: second }: Estimate): string | undefined {
  if (!second.finding.isLowerBound) return undefined
  return first.finding.isLowerBound
    ? 'neither of the two was the bottleneck'
    : `${second.label} was not the bottleneck`
}

function lowestTail(document: ResultDocument, rows: readonly Row[]): string[] {
  const found = bySize(withSameCores(rows), 'latencyP99')
  const [highest, lowest] = [found[0], found.at(-1)]
  if (highest === undefined || lowest === undefined || highest === lowest) return []
  const where = lowest.row.finding.phase === 'capacity' ? 'At saturation' : 'At the same rate'
  const { isSignificant, words } = significance(document, [lowest, highest], 'latencyP99')
  const [low, high] = [named(lowest, 's'), named(highest, 's')]
  return [
    isSignificant
      ? `${where}, lowest p99: ${low}, highest: ${high}; ${words}.`
      : `${where}, no significant difference in p99: ${low} to ${high}; ${words}.`,
  ]
}

/** The latency that balancers add to the backends at the median: the tail is often that of the driver. */
function addedLatency(rows: readonly Row[]): string[] {
  const found = bySize(withSameCores(rows), 'addedP50')
  const [highest, lowest] = [found[0], found.at(-1)]
  if (highest === undefined || lowest === undefined) return []
  return [
    highest === lowest
      ? `Added to the median latency of the backends: ${named(highest, 's')}.`
      : `Added to the median latency of the backends: ${named(lowest, 's')} to ${named(highest, 's')}.`,
  ]
}

/** From the fewest to the most cores, of the arms that differ in nothing else. */
function growth(rows: readonly Row[]): string[] {
  const grown = [...Map.groupBy(rows, ({ label }) => label).values()].flatMap((own) => {
    const byCores = own.toSorted((a, b) => a.arm.cores - b.arm.cores)
    const [few, many] = [byCores[0], byCores.at(-1)].map(
      (row) => row && estimate(row, 'throughput'),
    )
    if (few === undefined || many === undefined || byCores.length < 2) return []
    const span = `From ${few.row.arm.cores} to ${plural(many.row.arm.cores, 'core')}`
    return [
      { span, text: `${few.row.label} from ${figure(few, 'req/s')} to ${figure(many, 'req/s')}` },
    ]
  })
  return [...Map.groupBy(grown, ({ span }) => span)].map(
    ([span, all]) => `${span}: ${all.map(({ text }) => text).join(', ')}.`,
  )
}

function bottlenecks(document: ResultDocument): string[] {
  const capacity = document.findings.filter(({ phase }) => phase === 'capacity')
  const groups = Map.groupBy(capacity, ({ bottleneck }) => bottleneck)
  if (groups.size === 0) return []
  const [[only] = ['none' as const]] = [...groups]
  if (groups.size === 1) {
    return [
      only === 'none'
        ? 'No CPU was saturated in any arm.'
        : `Bottleneck in every arm: ${bottleneckName(only)}.`,
    ]
  }
  const parts = [...groups].map(
    ([bottleneck, found]) =>
      `${bottleneckName(bottleneck)} in ${found.map(({ arm }) => arm).join(', ')}`,
  )
  return [`Bottleneck: ${parts.join('; ')}.`]
}

function bottleneckName(bottleneck: Finding['bottleneck']): string {
  return bottleneck === 'none' ? 'none' : `the ${bottleneck}`
}

function excluded({ findings }: ResultDocument): string[] {
  const count = (validity: Finding['validity']) =>
    new Set(findings.filter((one) => one.validity === validity).map(({ arm }) => arm)).size
  const oversubscribed = count('oversubscribed')
  const invalid = count('invalid')
  return [
    ...(oversubscribed > 0
      ? [`Not ranked: ${plural(oversubscribed, 'arm')} with more workers than CPUs.`]
      : []),
    ...(invalid > 0 ? [`Not ranked: ${plural(invalid, 'arm')} without a valid trial.`] : []),
  ]
}

/** An arm with its estimate: `nginx round-robin (7,570 req/s)`. */
function named(one: Estimate, unit: 'req/s' | 's'): string {
  return `${one.row.label} (${figure(one, unit)})`
}

function figure({ row, summary }: Estimate, unit: 'req/s' | 's'): string {
  const bound = unit === 'req/s' && row.finding.isLowerBound ? 'at least ' : ''
  return `${bound}${quantity(summary.center, unit)}`
}
