import { plural } from '../../src/kit/plural.ts'
import { percent, quantity, rounded } from '../../src/kit/units.ts'
import type { Comparison, Gate, ResultDocument, Summary } from '../../src/result/document.ts'
import { gateFailed } from '../../src/result/gate-failed.ts'
import { metrics } from '../../src/result/metrics.ts'
import { reasonLines, sentence } from './reasons.ts'
import type { WordTable } from './word-table.ts'

/** What was held against another run, or in a duel against the other side; nothing where there is none. */
export function againstTables(document: ResultDocument): WordTable[] {
  const name = baseName(document)
  const rows = withBase(document)
  if (name === undefined || rows.length === 0) return []
  return [
    {
      title: `Against ${name}`,
      head: ['arm', 'metric', 'base', 'now', 'change', 'interval', 'verdict'],
      rows: rows.map((one) => row(document, one)),
      notes: [method(document, rows), ...atOneSpeed(rows)],
      givingWay: [['interval'], ['interval', 'base', 'now']],
    },
  ]
}

/** Arms of one run held against each other: a table for each that the others are held against. */
export function amongTables(document: ResultDocument): WordTable[] {
  const shown = baseName(document) === undefined ? [] : withBase(document)
  const among = document.comparisons.filter((one) => !shown.includes(one))
  return [...Map.groupBy(among, ({ base }) => base)].map(([base, rows]) => ({
    title: `Compared with ${base}`,
    head: ['arm', 'metric', 'change', 'interval', 'verdict'],
    rows: byArm(rows).map((one) => [one.arm, metrics[one.metric].label, ...changed(one)]),
    notes: amongNotes(rows),
    givingWay: [['interval']],
  }))
}

function byArm(rows: readonly Comparison[]): Comparison[] {
  return [...Map.groupBy(rows, ({ arm }) => arm).values()].flat()
}

function amongNotes(rows: readonly Comparison[]): string[] {
  const warnings = reasonLines(rows.flatMap(({ ratio }) => ratio.warnings)).map(sentence)
  return [`${pairs(rows)} ${delta(rows)}`, ...atOneSpeed(rows), ...warnings]
}

/** What came of it, in a sentence or two: the gates first, then what is better and worse. */
export function againstSentences(document: ResultDocument): string[] {
  const name = baseName(document)
  const rows = withBase(document)
  if (name === undefined) return gateSentences(document.gates)
  const listed = (outcome: Comparison['outcome']) =>
    rows
      .filter((one) => one.outcome === outcome)
      .map((one) => `${one.arm} ${metrics[one.metric].label} ${signed(one.ratio.center)}`)
  const named = (['worse', 'better'] as const).flatMap((outcome) => {
    const all = listed(outcome)
    return all.length === 0 ? [] : [`${outcome}: ${all.join(', ')}`]
  })
  const others = (['same', 'inconclusive', 'too few trials'] as const).flatMap((outcome) => {
    const { length } = listed(outcome)
    return length === 0 ? [] : [`${length} ${outcome}`]
  })
  const forced = reasonLines(document.baseline?.differences ?? [])
  return [
    ...gateSentences(document.gates),
    rows.length === 0
      ? `Nothing could be held against ${name}.`
      : `Against ${name}: ${[...named, ...others].join('; ')}.`,
    ...(forced.length > 0 ? [`The comparison was forced, although ${forced.join('; ')}.`] : []),
  ]
}

/** A ratio as a signed change: `+5.3 %`, `−12 %`; many times as much as a factor, `×23.4`, which means nothing at last. */
export function signed(ratio: number): string {
  if (ratio > 1000) return '>×1,000'
  if (ratio >= 10) return `×${rounded(ratio)}`
  const size = percent(ratio - 1)
  return size === '0 %' ? size : `${ratio < 1 ? '−' : '+'}${size}`
}

function gateSentences(gates: readonly Gate[]): string[] {
  if (gates.length === 0) return []
  const failed = gates.filter(gateFailed)
  const count = (state: Gate['state']) => gates.filter((gate) => gate.state === state).length
  const unsure = count('inconclusive') > 0 ? `, ${count('inconclusive')} inconclusive` : ''
  const kept = `${count('pass')} of ${plural(gates.length, 'limit')} kept${unsure}`
  if (failed.length > 0) {
    const which = failed.map(({ rule, arm }) => `${rule} of ${arm}`)
    return [`The gate failed at ${which.join(', ')}: ${kept}.`]
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
  return [
    one.arm,
    label,
    shown(one.baseValue ?? center(one.base)),
    shown(center(one.arm)),
    ...changed(one),
  ]
}

/** Change, interval and verdict. */
function changed({ ratio, outcome }: Comparison): string[] {
  const { center, low, high } = ratio
  // The sign of percent stands once where it is that of both.
  const least = high < 10 ? signed(low).replace(/ %$/, '') : signed(low)
  return [signed(center), `${least} … ${signed(high)}`, outcome]
}

function method({ baseline }: ResultDocument, rows: readonly Comparison[]): string {
  return baseline === undefined
    ? `Both sides ran in each block. ${pairs(rows)} ${delta(rows)}`
    : `Two runs, so the trials are no pairs: shift of the logarithms (Hodges–Lehmann), ${level(rows)}intervals of the rank-sum test. ${delta(rows)}`
}

function pairs(rows: readonly Comparison[]): string {
  return `Ratios within each block, with their ${level(rows)}intervals.`
}

function level([first]: readonly Comparison[]): string {
  return first?.ratio.interval === 'confidence' ? `${percent(first.ratio.confidence)} ` : ''
}

function delta(rows: readonly Comparison[]): string {
  const widest = Math.max(...rows.map(({ margin }) => margin))
  return `δ ${percent(widest)}: less is no difference here.`
}

/** What the ratios would be without the yardstick, where it had a part in them. */
function atOneSpeed(rows: readonly Comparison[]): string[] {
  const levelled = rows.filter(({ uncorrectedRatio }) => uncorrectedRatio !== undefined)
  if (levelled.length === 0) return []
  const before = levelled.map(({ arm, metric, uncorrectedRatio }) => {
    const { center, low, high } = uncorrectedRatio as Summary
    return `${arm} ${metrics[metric].label} ${signed(center)} (${signed(low)} … ${signed(high)})`
  })
  return [
    `At one speed of the host, by the small load that ran beside each trial (docs/explanation/method.md). As measured: ${before.join('; ')}.`,
  ]
}
