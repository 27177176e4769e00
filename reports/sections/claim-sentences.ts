import { percent, rounded } from '../../src/kit/units.ts'
import type { Answer, ResultDocument } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import { signed } from './comparisons.ts'
import { label } from './rows.ts'

type Claim = NonNullable<Answer['claim']>

/** Differences that are named; others are counted. */
const mostNamed = 3

/**
 * What a run found, the first sentence with its bound: who is better or worse and by how much, or how little the arms can
 * differ. Then what a finer run takes. Empty for documents without a claim.
 */
export function claimSentences({ answer, plan }: ResultDocument): string[] {
  if (answer?.claim === undefined) return []
  const { claim, finer } = answer
  const nameOf = (name: string) => {
    const arm = plan.arms.find((one) => one.name === name)
    return arm === undefined ? name : label(arm)
  }
  return [
    ...differences(claim, nameOf),
    ...equivalence(claim, nameOf),
    ...(finer === undefined ? [] : [finerSentence(finer)]),
  ]
}

/** What a finer run takes: `For ±10 %: --precision 10%, about 5 min.` */
export function finerSentence({ precision, seconds }: NonNullable<Answer['finer']>): string {
  return `For ±${percent(precision).replace(/\.0 %$/, ' %')}: ${flag(precision)}, about ${time(seconds)}.`
}

type NameOf = (arm: string) => string

function differences({ different, metric, confidence }: Claim, nameOf: NameOf): string[] {
  if (different.length === 0) return []
  const { label: what } = metrics[metric]
  const named = different
    .slice(0, mostNamed)
    .map(({ arm, base, outcome, center, low, high }, i) => {
      const than = i === 0 ? ` than ${nameOf(base)} by ${what}` : ''
      const level = i === 0 ? `${percent(confidence)} interval ` : ''
      const interval = `${signed(low).replace(/ %$/, '')} … ${signed(high)}`
      return `${nameOf(arm)} is ${outcome}${than}: ${signed(center)} (${level}${interval})`
    })
  const others = different.length - named.length
  return [`${capital(named.join('; '))}${others > 0 ? `; ${others} more differ` : ''}.`]
}

function equivalence(
  { alike, bound, metric, pairs, confidence, different }: Claim,
  nameOf: NameOf,
): string[] {
  if (bound === undefined) return []
  const size = bound > 1 ? `a factor of ${rounded(1 + bound)}` : `±${percent(bound)}`
  const what = different.length === 0 ? ` in ${metrics[metric].label}` : ''
  const basis = different.length === 0 ? ` (${pairs} pairs, ${percent(confidence)} confidence)` : ''
  return [`No difference beyond ${size}${what} between ${listed(alike.map(nameOf))}${basis}.`]
}

/** What the host lacks to measure better. */
export function lackSentences({ answer }: Pick<ResultDocument, 'answer'>): string[] {
  switch (answer?.lack?.code) {
    case 'one-cpu':
      return [
        'This host has one CPU, which target, driver and backends share: with two, the target can be measured at its limit.',
      ]
    case 'neighbour':
      return [
        `Other programs used ${answer.lack.cpus.toFixed(1)} CPUs during the trials: without them the intervals are narrower.`,
      ]
    default:
      return []
  }
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function flag(precision: number): string {
  return `--precision ${Number((100 * precision).toPrecision(3))}%`
}

/** `50 s`, `9 min`. */
function time(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds / 10) * 10} s` : `${Math.ceil(seconds / 60)} min`
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
