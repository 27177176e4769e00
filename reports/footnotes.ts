import { quantity } from '../src/kit/units.ts'
import type { Finding, ResultDocument } from '../src/result/document.ts'
import type { Phase, Row } from './rows.ts'

/** What a phase asks, and how its latency must be read. */
export function heading(document: ResultDocument, phase: Phase): string {
  if (phase === 'capacity') {
    return 'How much: closed loop, so the latency here is that at saturation'
  }
  const rate = document.trials.find(({ trial }) => trial.phase === phase)?.rate
  return `How fast: open loop${rate === undefined ? '' : ` at ${quantity(rate, 'req/s')}`}, latency from when each request was due`
}

/** Set behind the cores of a row that must not be read like the others. */
export function mark({ validity }: Finding): string {
  return { valid: '', oversubscribed: '†', invalid: '!' }[validity]
}

/** What the marks of a table mean, and what its spread is. */
export function footnotes(rows: readonly Row[]): string[] {
  const findings = rows.map(({ finding }) => finding)
  const has = (validity: Finding['validity']) => findings.some((one) => one.validity === validity)
  return [
    spreadNote(findings),
    ...(has('oversubscribed')
      ? [
          '† Oversubscribed: more workers than CPUs; says nothing of that many cores, and is not ranked.',
        ]
      : []),
    ...(has('invalid') ? ['! Invalid: why stands below; not ranked.'] : []),
    ...(findings.some(({ atLeast }) => atLeast)
      ? ['≥ A lower bound: something other than the target limited it.']
      : []),
  ]
}

function spreadNote(findings: readonly Finding[]): string {
  const all = findings.flatMap(({ metrics }) => metrics.throughput ?? [])
  const trials = Math.max(0, ...all.map(({ n }) => n))
  if (trials < 2) return 'One trial each: nothing is known of the spread.'
  const [first] = all.filter(({ interval }) => interval === 'confidence')
  return first
    ? `Middle of ${trials} trials; ± the farther edge of its ${first.confidence * 100} % interval.`
    : `Middle of ${trials} trials; ± how far the farthest trial lies from it.`
}
