import { plural } from '../../src/kit/plural.ts'
import type { Comparison, Gate, ResultDocument } from '../../src/result/document.ts'
import { gateFailed } from '../../src/result/gate-failed.ts'
import { gateSignal } from '../../src/result/gate-signal.ts'
import { metrics } from '../../src/result/metrics.ts'
import { baseName, comparisonsWithBase, signed } from './comparisons.ts'
import { reasonLines } from './reasons.ts'

/** The outcome of the gates, and of the comparisons with another run or the A/B base, in a sentence or two. */
export function outcomeSentences(document: ResultDocument): string[] {
  const name = baseName(document)
  if (name === undefined) return gateSentences(document.gates)
  const differences = reasonLines(document.baseline?.differences ?? [])
  return [
    ...gateSentences(document.gates),
    comparisonSentence(name, comparisonsWithBase(document)),
    ...(differences.length > 0
      ? [`The comparison was forced (--force), although ${differences.join('; ')}.`]
      : []),
  ]
}

function comparisonSentence(name: string, rows: readonly Comparison[]): string {
  if (rows.length === 0) return `No metric could be compared with ${name}.`
  const of = (outcome: Comparison['outcome']) => rows.filter((one) => one.outcome === outcome)
  const named = (['worse', 'better'] as const).flatMap((outcome) => {
    const all = of(outcome).map(
      ({ arm, metric, ratio }) => `${arm} ${metrics[metric].label} ${signed(ratio.center)}`,
    )
    return all.length === 0 ? [] : [`${outcome}: ${all.join(', ')}`]
  })
  const others = [
    ['same', 'same'],
    ['inconclusive', 'inconclusive'],
    ['too few trials', 'with too few trials'],
  ] as const
  const counted = others.flatMap(([outcome, words]) => {
    const { length } = of(outcome)
    return length === 0 ? [] : [`${length} of ${plural(rows.length, 'comparison')} ${words}`]
  })
  return `Compared with ${name}: ${[...named, ...counted].join('; ')}.`
}

/** The first sentence of every report of a run with gates, and the message of its exit code. */
function gateSentences(gates: readonly Gate[]): string[] {
  const count = (state: Gate['state']) => gates.filter((gate) => gate.state === state).length
  const inconclusive = count('inconclusive')
  const passed = `${count('pass')} of ${plural(gates.length, 'check')} passed${inconclusive > 0 ? `, ${inconclusive} inconclusive` : ''}`
  switch (gateSignal(gates)) {
    case 'failed': {
      const names = gates.filter(gateFailed).map(({ rule, arm }) => `${rule} of ${arm}`)
      return [`The gate failed: ${names.join(', ')} (${passed}).`]
    }
    case 'inconclusive':
      return [`The gate is inconclusive, which is no pass: ${passed}.`]
    case 'passed':
      return [`The gate passed: ${passed}.`]
    default:
      return []
  }
}
