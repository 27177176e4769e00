import type { ResultDocument, Summary } from '../../src/result/document.ts'
import { control, series } from '../layout/palette.ts'
import { type ArmTrials, armTrials } from '../sections/arm-trials.ts'
import { label, type Phase } from '../sections/rows.ts'

/** An arm of a chart, with its looks in every one of them. */
export interface ShownArm extends ArmTrials {
  /** The colour of its target and algorithm. */
  readonly colour: string
  /** The dash of the number of cores: lengths of strokes and gaps in pixels, empty for a solid line. */
  readonly dash: number[]
}

const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3]]

/** The arms of a phase that have a valid trial or more workers than CPUs, in the order of the plan. */
export function shownArms(document: ResultDocument, phase: Phase): ShownArm[] {
  const cores = [...new Set(document.plan.arms.map((arm) => arm.cores))].toSorted((a, b) => a - b)
  return armTrials(document, phase)
    .filter(({ row }) => row.finding.validity !== 'invalid')
    .map((shown) => ({
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

/** Whether an arm is the backends without a balancer. */
export function isControl({ row }: Pick<ArmTrials, 'row'>): boolean {
  return row.arm.algorithm === 'none'
}

/** Places in the palette that arms take, and the algorithms that come first: each has the same colour in every result. */
const armColourPlaces = [0, 1, 2, 3, 6, 4, 7]
const firstAlgorithms = [
  ...['round-robin', 'least-connections', 'weighted', 'two-choices', 'random', 'peak-ewma'],
  'ip-hash',
]

/** The colour of a target and algorithm, the same in every chart; the control is grey in every report. */
export function colourOf({ plan }: ResultDocument, one: Parameters<typeof label>[0]): string {
  if (one.algorithm === 'none') return control.light
  const names = new Map(
    plan.arms
      .filter(({ algorithm }) => algorithm !== 'none')
      .map((arm) => [label(arm), arm.algorithm]),
  )
  const taken = new Map<string, number>()
  for (const [name, algorithm] of names) {
    const first = Math.max(0, firstAlgorithms.indexOf(algorithm))
    const places = armColourPlaces.map((_, i) => (first + i) % armColourPlaces.length)
    const used = new Set(taken.values())
    taken.set(name, places.find((place) => !used.has(place)) ?? first)
  }
  return colourAt(armColourPlaces[taken.get(label(one)) ?? 0] ?? 0)
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

/** What the marks behind the names of `shown` mean, as sentences; nothing where there are none. */
export function markNotes(shown: readonly ShownArm[]): string {
  return shown.some(({ row }) => row.finding.validity === 'oversubscribed')
    ? ' † Oversubscribed: more workers than CPUs.'
    : ''
}

/** The kind of interval of these estimates. */
export function edges(summaries: readonly Summary[]): string {
  const [sure] = summaries.filter(({ interval }) => interval === 'confidence')
  return sure ? `${sure.confidence * 100} % confidence interval` : 'range of the trials'
}
