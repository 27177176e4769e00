import { percent } from '../../../src/kit/units.ts'
import type { Finding, ResultDocument } from '../../../src/result/document.ts'
import { metrics } from '../../../src/result/metrics.ts'
import type { Reason } from '../../../src/result/reason.ts'
import { armNames } from '../arm-names.ts'
import { comparisonsWithBase, signed } from '../comparisons.ts'
import { wordTogether } from '../reasons.ts'
import { rowsOf } from '../rows.ts'

/** Lines of a kind beyond which the rest is counted. */
const mostLines = 3

/** Warnings beyond which the rest is counted. */
export const mostWarnings = 3

/** What limited the arms at saturation, a line for each bottleneck: `the driver, in every arm: …`. */
export function limitLines({ findings, plan }: ResultDocument): string[] {
  const own = findings.filter(
    ({ phase, arm, validity }) =>
      phase === 'capacity' && arm !== plan.control && validity !== 'invalid',
  )
  const groups = [...Map.groupBy(own, ({ bottleneck }) => bottleneck)]
  return atMost(
    groups.map(([bottleneck, found]) => {
      const where = groups.length === 1 && found.length > 1 ? 'every arm' : armNames(own, found)
      const words = evidence(found)
      return `${limitName(bottleneck)}, in ${where}${words === '' ? '' : `: ${words}`}`
    }),
  )
}

function limitName(bottleneck: Finding['bottleneck']): string {
  if (bottleneck === 'none') return 'not known'
  return bottleneck === 'target' ? 'the target itself' : `the ${bottleneck}`
}

/** The figures behind it, as far as all the arms have the same kind. */
function evidence(found: readonly Finding[]): string {
  const reasons = found.map(({ reason }) => reason)
  const [first] = reasons
  const alike = reasons.filter(({ code }) => code === first?.code)
  if (first === undefined || alike.length < reasons.length) return ''
  const [words = ''] = wordTogether(alike as [Reason, ...Reason[]]).split('; ')
  return words
}

/** A deviation from the ideal shares from which on the balance is worth a line. */
const notableDeviation = 0.05

/** How arms used their backends, where that says something: one that is slow, or shares that are off. */
export function balanceLines(document: ResultDocument): string[] {
  const capacity = rowsOf(document, 'capacity')
  const rows = (capacity.length > 0 ? capacity : rowsOf(document, 'latency')).flatMap(
    ({ arm, finding }) =>
      finding.balance === undefined ? [] : [{ name: arm.name, balance: finding.balance }],
  )
  const slow = rows.flatMap(({ name, balance: { slowest } }) =>
    slowest === undefined ? [] : [{ name, slowest }],
  )
  const [first] = slow
  if (first !== undefined) {
    const { backends, shareBySpeed } = first.slowest
    const names = backends.map((i) => i + 1).join(', ')
    const shares = slow.map(({ name, slowest }) => `${name} ${percent(slowest.share)}`)
    return [
      `slow backend ${names}, share of the requests: ${shares.join(', ')}; in proportion to its speed ${percent(shareBySpeed)}`,
    ]
  }
  return atMost(
    rows
      .filter(({ balance: { maxDeviation = 1 } }) => maxDeviation > notableDeviation)
      .map(
        ({ name, balance: { maxDeviation, basis } }) =>
          `${name} is off ${basis} by ${maxDeviation === undefined ? 'any amount' : `up to ${percent(maxDeviation)}`}`,
      ),
  )
}

/** Comparisons between arms of one run that were decided: `least-connections ×1: throughput −5.3 % (worse)`. */
export function decidedLines(document: ResultDocument): string[] {
  const withBase = document.baseline === undefined ? [] : comparisonsWithBase(document)
  const decided = document.comparisons.filter(
    (one) => !withBase.includes(one) && (one.outcome === 'better' || one.outcome === 'worse'),
  )
  return atMost(
    [...Map.groupBy(decided, ({ arm, base }) => `${arm} against ${base}`)].map(
      ([names, group]) =>
        `${names}: ${group.map(({ metric, ratio, outcome }) => `${metrics[metric].label} ${signed(ratio.center)} (${outcome})`).join(', ')}`,
    ),
  )
}

/** The first lines, and how many more there are. */
export function atMost(lines: readonly string[], most = mostLines): string[] {
  return lines.length <= most
    ? [...lines]
    : [...lines.slice(0, most - 1), `${lines.length - most + 1} more: --full`]
}
