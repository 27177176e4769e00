import { percent } from '../../src/kit/units.ts'
import type { Comparison, ResultDocument } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import { ink, outcomes } from '../layout/palette.ts'
import { changeTitle } from '../sections/change-title.ts'
import { baseName, comparisonsWithBase, signed } from '../sections/comparisons.ts'
import { armAxis } from './arm-axis.ts'
import { type Chart, fileName, type Layer } from './chart.ts'

/** Changes as forest plots: those against another run or the A/B base, and those between the arms of a run. */
export function changes(document: ResultDocument): Chart[] {
  const name = baseName(document)
  const shown = name === undefined ? [] : comparisonsWithBase(document)
  // The effects of knobs have a chart of their own.
  const others =
    document.tune === undefined ? document.comparisons.filter((one) => !shown.includes(one)) : []
  return [
    ...(name === undefined || shown.length === 0
      ? []
      : [
          {
            ...chart(shown),
            ...{ name: 'changes', title: `Changes against ${name}`, topic: 'changes' as const },
            finding: `${changeTitle(document)}.`,
          },
        ]),
    ...[...Map.groupBy(others, ({ base }) => base)].map(([base, rows]) => ({
      ...chart(rows),
      name: fileName('compared-with', base),
      title: `Compared with ${base}`,
      topic: 'changes' as const,
    })),
  ]
}

/** Comparisons as a forest plot. */
export function chart(comparisons: readonly Comparison[]): Omit<Chart, 'name' | 'title' | 'topic'> {
  const several = new Set(comparisons.map(({ arm }) => arm)).size > 1
  const rows = [...Map.groupBy(comparisons, ({ arm }) => arm).values()]
    .flat()
    .map((one) => datum(one, several))
  const [first] = comparisons
  const sure =
    first?.ratio.interval === 'confidence'
      ? `${percent(first.ratio.confidence)} confidence interval`
      : 'range of the pairs'
  return {
    finding: differing(comparisons),
    caption: `Dot: change; line: ${sure}. Shaded: changes below δ, which are treated as no difference. Hollow: not decided.`,
    pointer: 'rows',
    figures: {
      head: ['change', 'estimate', 'from', 'to', 'δ', 'outcome'],
      rows: comparisons.map((one) => [
        nameOf(one, several),
        ...[one.ratio.center, one.ratio.low, one.ratio.high].map(signed),
        ...[percent(one.margin), one.outcome],
      ]),
    },
    spec: (width) => ({
      width,
      height: rows.length * (isTight(width) ? 40 : 26),
      autosize: { type: 'fit-x', contains: 'padding' },
      layer: layers(rows, width),
    }),
  }
}

/** The comparisons that were decided, in a sentence. */
function differing(comparisons: readonly Comparison[]): string {
  const decided = comparisons.filter(({ outcome }) => outcome === 'better' || outcome === 'worse')
  if (decided.length === 0) return 'No significant difference.'
  const words = decided.map(
    ({ arm, metric, ratio, outcome }) =>
      `${arm}: ${metrics[metric].label} ${signed(ratio.center)}, ${outcome}`,
  )
  return `${words.slice(0, 3).join('; ')}${words.length > 3 ? `; and ${words.length - 3} more` : ''}.`
}

function nameOf({ arm, metric }: Comparison, several: boolean): string {
  return several ? `${arm} ${metrics[metric].label}` : metrics[metric].label
}

type Row = ReturnType<typeof datum>

function datum(one: Comparison, several: boolean) {
  const { ratio, margin, outcome } = one
  const isDecided = outcome === 'better' || outcome === 'worse'
  const name = nameOf(one, several)
  const change = signed(ratio.center)
  return {
    ...{ name, center: ratio.center, low: ratio.low, high: ratio.high },
    ...{ from: 1 / (1 + margin), to: 1 + margin },
    colour: (isDecided ? outcomes[outcome] : outcomes.other).light,
    filling: isDecided || outcome === 'same' ? 1 : 0,
    ...{ change, label: `${change} ${outcome}` },
    text: `${name}: ${change}, ${signed(ratio.low)} to ${signed(ratio.high)}: ${outcome}`,
  }
}

function layers(values: readonly Row[], width: number): Layer[] {
  const domain = domainOf(values)
  const x = {
    field: 'center',
    type: 'quantitative',
    title: 'change',
    scale: { type: 'log', domain, nice: false, clamp: true },
    axis: {
      values: ticks(domain, isTight(width) ? 3 : 7),
      labelExpr:
        "datum.value === 1 ? '0' : datum.value >= 2 ? '×' + format(datum.value, '~g') : (datum.value > 1 ? '+' : '−') + format(abs(datum.value - 1) * 100, '.3~g') + ' %'",
    },
  } as const
  const names = values.map(({ name }) => name)
  const y = isTight(width)
    ? ({ field: 'name', type: 'nominal', sort: names, title: null, axis: null } as const)
    : armAxis(names, width)
  const stroke = { field: 'colour', type: 'nominal', scale: null } as const
  return [
    {
      data: { values: [...values] },
      mark: { type: 'rect', aria: false, color: ink.shade.light },
      encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' }, y },
    },
    {
      data: { values: [{ center: 1 }] },
      mark: { type: 'rule', aria: false, color: ink.faint.light },
      encoding: { x },
    },
    {
      data: { values: [...values] },
      mark: { type: 'rule', strokeWidth: 3, strokeCap: 'round', opacity: 0.55, aria: false },
      encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, stroke },
    },
    {
      data: { values: [...values] },
      mark: { type: 'point', shape: 'circle', size: 90, strokeWidth: 2, opacity: 1 },
      encoding: {
        ...{ x, y, stroke, fill: stroke },
        fillOpacity: { field: 'filling', type: 'quantitative', scale: null },
        description: { field: 'text' },
      },
    },
    ...(isTight(width) ? labelsAbove : labelsBeside).map((label) => ({
      data: { values: [...values] },
      mark: { type: 'text' as const, aria: false, fontSize: 12, ...label.mark },
      encoding: {
        ...{ x: label.x, y, text: { field: label.text, type: 'nominal' as const } },
        ...(label.text !== 'name' && { color: stroke }),
      },
    })),
  ]
}

/** Change and outcome at the end of each row. */
const labelsBeside = [
  {
    mark: { align: 'left', dx: 10, fontWeight: 500 } as const,
    x: { value: 'width' } as const,
    text: 'label',
  },
]

/** Name and change over each row of a narrow drawing. */
const labelsAbove = [
  {
    mark: { align: 'left', dy: -14, color: ink.text.light } as const,
    x: { value: 0 },
    text: 'name',
  },
  {
    mark: { align: 'right', dy: -14, fontWeight: 600 } as const,
    x: { value: 'width' } as const,
    text: 'change',
  },
]

/** Whether names and changes have no room beside the marks, and stand above them. */
function isTight(width: number): boolean {
  return width < 600
}

/** Ratios shown at most: wider intervals end at the edge. */
const widest = 4

/** Equally far to both sides of no change, as far as the widest interval reaches. */
function domainOf(values: readonly Row[]): [number, number] {
  const reach = Math.max(
    ...values.flatMap(({ low, high, to }) => [1 / Math.max(low, 1e-6), high, to]),
  )
  const edge = Math.min(widest, reach ** 1.08)
  return [1 / edge, edge]
}

/** Round changes on both sides of none, as many as there is room for. */
function ticks([low, high]: readonly [number, number], most: number): number[] {
  const sets = [
    [0.99, 1, 1.01],
    [0.98, 0.99, 1, 1.01, 1.02],
    [0.95, 0.975, 1, 1.025, 1.05],
    [0.9, 0.95, 1, 1.05, 1.1],
    [0.8, 0.9, 1, 1.1, 1.2],
    [0.6, 0.8, 1, 1.2, 1.5],
    [0.25, 0.5, 0.75, 1, 1.5, 2, 4],
  ]
  const inside = (set: readonly number[]) => set.filter((one) => one >= low && one <= high)
  const set = sets.findLast((one) => inside(one).length >= Math.min(5, one.length)) ?? sets[0]
  const shown = inside(set ?? [])
  return shown.length <= most ? shown : [shown[0] ?? 1, 1, shown.at(-1) ?? 1]
}
