import type { Measurement, ResultDocument, Summary } from '../../src/result/document.ts'
import { label, mark, type Phase, type Row, rowsOf } from '../sections/rows.ts'
import { chartWidth } from './chart.ts'
import { series } from './palette.ts'

/** An arm of a chart: how it is called there, and how it looks in every one of them. */
export interface ShownArm {
  readonly row: Row
  /** Its name with the mark of what must not be read like the others: `round-robin ×8†`. */
  readonly name: string
  /** The colour of what is balanced by whom. */
  readonly colour: string
  /** The dash of the number of cores: lengths of strokes and gaps in pixels, empty for a whole line. */
  readonly dash: number[]
  /** The trials behind its finding: those that count, or all of them where none does. */
  readonly trials: readonly Measurement[]
}

const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3]]

/** The arms of a phase, in the order of the plan. */
export function shownArms(document: ResultDocument, phase: Phase): ShownArm[] {
  const cores = [...new Set(document.plan.arms.map((arm) => arm.cores))].toSorted((a, b) => a - b)
  return rowsOf(document, phase).map((row) => ({
    row,
    name: `${row.arm.name}${mark(row.finding)}`,
    colour: colourOf(document, row.arm),
    dash: dashes[cores.indexOf(row.arm.cores) % dashes.length] ?? [],
    trials: trialsBehind(document, row),
  }))
}

/** The arms of the first phase that was run: what a chart shows that is of interest once. */
export function arms(document: ResultDocument): ShownArm[] {
  const capacity = shownArms(document, 'capacity')
  return capacity.length > 0 ? capacity : shownArms(document, 'latency')
}

function trialsBehind({ trials }: ResultDocument, { arm, finding }: Row): Measurement[] {
  const own = trials.filter(({ trial }) => trial.arm === arm.name && trial.phase === finding.phase)
  const valid = own.filter(({ verdict }) => verdict.valid)
  return valid.length > 0 ? valid : own
}

/** The colour of what is balanced by whom, the same in every chart. */
export function colourOf({ plan }: ResultDocument, one: Parameters<typeof label>[0]): string {
  return colourAt([...new Set(plan.arms.map(label))].indexOf(label(one)))
}

/** The colour of the series with this place, from 0. */
export function colourAt(i: number): string {
  return series[i % series.length]?.light as string
}

/** A scale that gives each arm its colour. */
export function armColours(shown: readonly ShownArm[]) {
  return { domain: shown.map(({ name }) => name), range: shown.map(({ colour }) => colour) }
}

/** A scale that gives each arm its dash; its legend is that of the colours. */
export function armDashes(shown: readonly ShownArm[]) {
  return { domain: shown.map(({ name }) => name), range: shown.map(({ dash }) => dash) }
}

/** Columns of a legend that has room for the longest name, in pixels of 12 px letters. */
export function legendColumns(shown: readonly ShownArm[]): number {
  const longest = Math.max(...shown.map(({ name }) => name.length))
  return Math.max(1, Math.floor((chartWidth - 50) / (longest * 6.5 + 45)))
}

/** What the marks behind the names of `shown` mean, as sentences; nothing where there are none. */
export function markNotes(shown: readonly ShownArm[]): string {
  const found = new Set(shown.map(({ row }) => row.finding.validity))
  return [
    ...(found.has('oversubscribed') ? [' † More workers than CPUs: not to be ranked.'] : []),
    ...(found.has('invalid') ? [' ! No trial of it counts.'] : []),
  ].join('')
}

/** What the edges of these estimates are. */
export function edges(summaries: readonly Summary[]): string {
  const [sure] = summaries.filter(({ interval }) => interval === 'confidence')
  return sure ? `${sure.confidence * 100} % interval` : 'range of the trials'
}

/** The middle of some numbers; 0 of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}
