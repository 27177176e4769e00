import type { ResultDocument, Summary } from '../../src/result/document.ts'
import { series } from '../layout/palette.ts'
import { type ArmTrials, armTrials } from '../sections/arm-trials.ts'
import { label, type Phase } from '../sections/rows.ts'
import { chartWidth } from './chart.ts'

/** An arm of a chart, with its looks in every one of them. */
export interface ShownArm extends ArmTrials {
  /** The colour of its target and algorithm. */
  readonly colour: string
  /** The dash of the number of cores: lengths of strokes and gaps in pixels, empty for a solid line. */
  readonly dash: number[]
}

const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3]]

/** The arms of a phase, in the order of the plan. */
export function shownArms(document: ResultDocument, phase: Phase): ShownArm[] {
  const cores = [...new Set(document.plan.arms.map((arm) => arm.cores))].toSorted((a, b) => a - b)
  return armTrials(document, phase).map((shown) => ({
    ...shown,
    colour: colourOf(document, shown.row.arm),
    dash: dashes[cores.indexOf(shown.row.arm.cores) % dashes.length] ?? [],
  }))
}

/** The arms of the first phase that was run, for charts that show one phase only. */
export function arms(document: ResultDocument): ShownArm[] {
  const capacity = shownArms(document, 'capacity')
  return capacity.length > 0 ? capacity : shownArms(document, 'latency')
}

/** The colour of a target and algorithm, the same in every chart. */
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
    ...(found.has('oversubscribed') ? [' † Oversubscribed: more workers than CPUs.'] : []),
    ...(found.has('invalid') ? [' ! No valid trial.'] : []),
  ].join('')
}

/** The kind of interval of these estimates. */
export function edges(summaries: readonly Summary[]): string {
  const [sure] = summaries.filter(({ interval }) => interval === 'confidence')
  return sure ? `${sure.confidence * 100} % confidence interval` : 'range of the trials'
}
