import type { Finding, ResultDocument } from '../../src/result/document.ts'
import type { Reason } from '../../src/result/reason.ts'
import { armNames } from './arm-names.ts'
import { reasonKey, reasonWords, wordTogether } from './reasons.ts'

/**
 * The bottleneck of an arm in one line: `driver-limited: driver used 97 % of …`; likewise `backends-limited` and
 * `host-limited`. An arm whose target is the bottleneck has no code: that is the result that a benchmark is made for.
 * The bottleneck is determined in src/experiment/verdict/verdict.ts (`bottleneckOf`); reasons/bottleneck-wordings.ts
 * words its reason, footnotes.ts the mark ≥.
 */
export function bottleneckLine(finding: Finding): string {
  return line(finding, reasonWords(finding.reason))
}

/**
 * The bottleneck of each arm; arms that differ in figures only share a line. At a rate that all can serve there should
 * be none, so the latency phase is listed only where there was one.
 */
export function bottleneckLines({ findings }: ResultDocument): string[] {
  const shown = findings.filter(
    ({ phase, bottleneck }) => phase === 'capacity' || bottleneck !== 'none',
  )
  const groups = Map.groupBy(shown, (one) =>
    [one.phase, one.bottleneck, one.isLowerBound, reasonKey(one.reason)].join(' '),
  )
  return [...groups.values()].map((group) => {
    const [first] = group as [Finding]
    const phase = first.phase === 'latency' ? ', latency phase' : ''
    const reasons = group.map(({ reason }) => reason) as [Reason, ...Reason[]]
    return `${armNames(findings, group)}${phase}: ${line(first, wordTogether(reasons))}`
  })
}

function line({ bottleneck, isLowerBound }: Finding, reason: string): string {
  const code = bottleneck === 'target' || bottleneck === 'none' ? '' : `${bottleneck}-limited: `
  return `${code}${reason}${isLowerBound ? '; its throughput is a lower bound' : ''}`
}
