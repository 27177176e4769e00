import { percent, quantity } from '../src/kit/units.ts'
import type { Comparison, Gate, ResultDocument } from '../src/result/document.ts'
import { gateFailed } from '../src/result/gate-outcome.ts'
import { metrics } from '../src/result/metrics.ts'
import { plural } from './words.ts'

/** What was held against another run, or in a duel against the other side, as words. */
export interface AgainstTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
}

/** The comparisons with a base; undefined where arms of one run were held against each other only. */
export function againstTable(document: ResultDocument): AgainstTable | undefined {
  const name = baseName(document)
  const rows = withBase(document)
  if (name === undefined || rows.length === 0) return undefined
  return {
    title: `Against ${name}`,
    head: ['arm', 'metric', 'base', 'now', 'change', 'interval', 'verdict'],
    rows: rows.map((one) => row(document, one)),
    notes: [method(document, rows)],
  }
}

/** Comparisons of arms of one run with each other, which the table leaves out. */
export function amongArms(document: ResultDocument): Comparison[] {
  const shown = baseName(document) === undefined ? [] : withBase(document)
  return document.comparisons.filter((one) => !shown.includes(one))
}

/** What came of it, in a sentence or two: the gates first, then what is better and worse. */
export function againstSentences(document: ResultDocument): string[] {
  const name = baseName(document)
  const rows = withBase(document)
  if (name === undefined) return gateSentences(document.gates)
  const listed = (answer: Comparison['answer']) =>
    rows
      .filter((one) => one.answer === answer)
      .map((one) => `${one.arm} ${metrics[one.metric].label} ${signed(one.ratio.center)}`)
  const named = (['worse', 'better'] as const).flatMap((answer) => {
    const all = listed(answer)
    return all.length === 0 ? [] : [`${answer}: ${all.join(', ')}`]
  })
  const others = (['same', 'unclear', 'cannot decide'] as const).flatMap((answer) => {
    const { length } = listed(answer)
    return length === 0 ? [] : [`${length} ${answer}`]
  })
  const forced = document.baseline?.differs ?? []
  return [
    ...gateSentences(document.gates),
    rows.length === 0
      ? `Nothing could be held against ${name}.`
      : `Against ${name}: ${[...named, ...others].join('; ')}.`,
    ...(forced.length > 0 ? [`The comparison was forced, although ${forced.join('; ')}.`] : []),
  ]
}

/** A ratio as a signed change: `+5.3 %`, `−12 %`. */
export function signed(ratio: number): string {
  const size = percent(ratio - 1)
  return size === '0 %' ? size : `${ratio < 1 ? '−' : '+'}${size}`
}

function gateSentences(gates: readonly Gate[]): string[] {
  if (gates.length === 0) return []
  const failed = gates.filter(gateFailed)
  const count = (state: Gate['state']) => gates.filter((gate) => gate.state === state).length
  const unsure = count('unclear') > 0 ? `, ${count('unclear')} unclear` : ''
  const kept = `${count('pass')} of ${plural(gates.length, 'limit')} kept${unsure}`
  if (failed.length > 0) {
    const which = failed.map(({ rule, arm }) => `${rule} of ${arm}`)
    return [`The gate failed: ${kept} (${which.join(', ')}).`]
  }
  return [`The gate ${unsure === '' ? 'passed' : 'did not fail'}: ${kept}.`]
}

/** `base.json (2026-03-01)`, or the name of the base's side; undefined where nothing has a base. */
function baseName({ baseline, plan }: ResultDocument): string | undefined {
  if (baseline !== undefined) return `${baseline.file} (${baseline.createdAt.slice(0, 10)})`
  const base = plan.arms.find(({ variant }) => variant?.side === 'base')?.variant
  if (base === undefined) return undefined
  return base.commit === undefined ? 'base' : `base (${base.commit.slice(0, 12)})`
}

function withBase({ baseline, comparisons }: ResultDocument): Comparison[] {
  return baseline === undefined ? comparisons : comparisons.filter(({ arm, base }) => arm === base)
}

function row(document: ResultDocument, one: Comparison): string[] {
  const { unit, label } = metrics[one.metric]
  const center = (arm: string) =>
    document.findings.find((found) => found.arm === arm && found.phase === one.phase)?.metrics[
      one.metric
    ]?.center
  const shown = (value: number | undefined) => (value === undefined ? '–' : quantity(value, unit))
  const { low, high } = one.ratio
  return [
    one.arm,
    label,
    shown(one.baseValue ?? center(one.base)),
    shown(center(one.arm)),
    signed(one.ratio.center),
    `${signed(low)} … ${signed(high)}`,
    one.answer,
  ]
}

function method({ baseline }: ResultDocument, rows: readonly Comparison[]): string {
  const [first] = rows
  const level = first === undefined ? '' : `${percent(first.ratio.confidence)} `
  const widest = Math.max(...rows.map(({ margin }) => margin))
  const delta = `δ ${percent(widest)}: less is no difference here.`
  return baseline === undefined
    ? `Both sides ran in each block; ${level}intervals of the pairs' ratios. ${delta}`
    : `Two runs, so the trials are no pairs: shift of the logarithms (Hodges–Lehmann), ${level}intervals of the rank-sum test. ${delta}`
}
