import { percent, quantity, rounded } from '../../src/kit/units.ts'
import type { Comparison, ResultDocument, Summary } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { TextTable } from '../layout/text-table.ts'
import { reasonLines, sentence } from './reasons.ts'

/** Comparisons with another run or, in an A/B run, with the other side; none where there is no base. */
export function betweenRunsTables(document: ResultDocument): TextTable[] {
  const name = baseName(document)
  const rows = comparisonsWithBase(document)
  if (name === undefined || rows.length === 0) return []
  return [
    {
      title: `Compared with ${name}`,
      head: ['arm', 'metric', 'base', 'now', 'change', 'interval', 'outcome'],
      rows: rows.map((one) => row(document, one)),
      notes: [method(document, rows), ...correctionNote(rows), ...warnings(rows)],
      dropOrder: [['interval'], ['interval', 'base', 'now']],
    },
  ]
}

/** Comparisons between the arms of one run: a table for each base. */
export function withinRunTables(document: ResultDocument): TextTable[] {
  const shown = baseName(document) === undefined ? [] : comparisonsWithBase(document)
  const others = document.comparisons.filter((one) => !shown.includes(one))
  if (document.tune !== undefined) return []
  return [...Map.groupBy(others, ({ base }) => base)].map(([base, rows]) => ({
    title: `Compared with ${base}`,
    head: ['arm', 'metric', 'change', 'interval', 'outcome'],
    rows: byArm(rows).map((one) => [one.arm, metrics[one.metric].label, ...changed(one)]),
    notes: [`${pairs(rows)} ${delta(rows)}`, ...correctionNote(rows), ...warnings(rows)],
    dropOrder: [['interval']],
  }))
}

/** `base.json (2026-03-01)`, or the name of the A/B base; undefined where nothing has a base. */
export function baseName({ baseline, plan }: ResultDocument): string | undefined {
  if (baseline !== undefined) return `${baseline.file} (${baseline.createdAt.slice(0, 10)})`
  const base = plan.arms.find(({ variant }) => variant?.side === 'base')?.variant
  if (base === undefined) return undefined
  return base.commit === undefined ? 'base' : `base (${base.commit.slice(0, 12)})`
}

/** The comparisons with the other run, where there is one; those of an A/B run. */
export function comparisonsWithBase({ baseline, comparisons }: ResultDocument): Comparison[] {
  return baseline === undefined ? comparisons : comparisons.filter(({ arm, base }) => arm === base)
}

/** A ratio as a signed change: `+5.3 %`, `−12 %`; from 10 on as a factor, `×23.4`. */
export function signed(ratio: number): string {
  if (ratio > 1000) return '>×1,000'
  if (ratio >= 10) return `×${rounded(ratio)}`
  const size = percent(ratio - 1)
  return size === '0 %' ? size : `${ratio < 1 ? '−' : '+'}${size}`
}

function byArm(rows: readonly Comparison[]): Comparison[] {
  return [...Map.groupBy(rows, ({ arm }) => arm).values()].flat()
}

function row(document: ResultDocument, one: Comparison): string[] {
  const { unit, label } = metrics[one.metric]
  const shown = (value: number | undefined) => (value === undefined ? '–' : quantity(value, unit))
  const { base, now } = valuesOf(document, one)
  return [one.arm, label, shown(base), shown(now), ...changed(one)]
}

/** The two values that a comparison is about, in the base unit of its metric. */
export function valuesOf(
  { findings }: ResultDocument,
  { arm, base, baseValue, metric, phase }: Comparison,
): { readonly base: number | undefined; readonly now: number | undefined } {
  const center = (name: string) =>
    findings.find((found) => found.arm === name && found.phase === phase)?.metrics[metric]?.center
  return { base: baseValue ?? center(base), now: center(arm) }
}

/** Change, interval and outcome. */
function changed({ ratio, outcome }: Comparison): string[] {
  return [signed(ratio.center), intervalWords(ratio), outcome]
}

/** The interval of a ratio as changes: `−7.3 … −3.3 %`. */
export function intervalWords({ low, high }: Pick<Summary, 'low' | 'high'>): string {
  // The percent sign stands once where it is that of both.
  const from = high < 10 ? signed(low).replace(/ %$/, '') : signed(low)
  return `${from} … ${signed(high)}`
}

function method({ baseline }: ResultDocument, rows: readonly Comparison[]): string {
  return baseline === undefined
    ? `Both sides ran in every block. ${pairs(rows)} ${delta(rows)}`
    : `Two runs, so trials are not paired: ratios of the estimates with ${level(rows)}intervals of the rank-sum test. ${delta(rows)}`
}

function pairs(rows: readonly Comparison[]): string {
  return `Ratios of the estimates, with ${level(rows)}intervals from the pairs in each block.`
}

function level([first]: readonly Comparison[]): string {
  return first?.ratio.interval === 'confidence'
    ? `${percent(first.ratio.confidence)} confidence `
    : ''
}

function delta(rows: readonly Comparison[]): string {
  const widest = Math.max(...rows.map(({ margin }) => margin))
  return `Changes below ${percent(widest)} (δ) are treated as no difference.`
}

function warnings(rows: readonly Comparison[]): string[] {
  return reasonLines(rows.flatMap(({ ratio }) => ratio.warnings)).map(sentence)
}

/** The ratios without the correction for the speed of the host, where there was one. */
function correctionNote(rows: readonly Comparison[]): string[] {
  const corrected = rows.filter(({ uncorrectedRatio }) => uncorrectedRatio !== undefined)
  if (corrected.length === 0) return []
  const before = corrected.map(({ arm, metric, uncorrectedRatio }) => {
    const { center, low, high } = uncorrectedRatio as Summary
    return `${arm} ${metrics[metric].label} ${signed(center)} (${signed(low)} … ${signed(high)})`
  })
  return [
    `Corrected for the speed of the host by the reference load beside each trial (docs/explanation/method.md). Uncorrected: ${before.join('; ')}.`,
  ]
}
