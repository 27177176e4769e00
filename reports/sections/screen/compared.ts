import { percent, type Scale, scaled, scaleFor } from '../../../src/kit/units.ts'
import { wrap } from '../../../src/kit/wrap.ts'
import type { Comparison, ResultDocument } from '../../../src/result/document.ts'
import { metrics } from '../../../src/result/metrics.ts'
import { aligned, alignedWidth, type Cell } from '../../layout/aligned.ts'
import type { Terminal } from '../../layout/terminal.ts'
import { baseName, comparisonsWithBase, intervalWords, signed, valuesOf } from '../comparisons.ts'
import { label } from '../rows.ts'

/** Rows up to which all are shown; of more, those that are the same, or undecided, are counted. */
const mostRows = 14

/** Base beside now, metric by metric, with change, interval and outcome; nothing where there is no base. */
export function comparedTable(document: ResultDocument, on: Terminal): string[] {
  const all = comparisonsWithBase(document)
  if (baseName(document) === undefined || all.length === 0) return []
  const shown = shownRows(all)
  const { paint, options } = on
  const lines = notesOn(all, shown).map((note) =>
    paint.faint(wrap(paint.plain(note), options.width, 2)),
  )
  const table = shown.length === 0 ? [] : drawn(document, shown, on)
  return [[...table, ...lines].join('\n')]
}

const decided = ['worse', 'better'] as const

/** All rows where they are few; else those that were decided, and then as many others as there is room for. */
function shownRows(all: readonly Comparison[]): Comparison[] {
  if (all.length <= mostRows) return [...all]
  const isDecided = ({ outcome }: Comparison) => decided.some((one) => one === outcome)
  const kept = all.filter(isDecided)
  const open = all.filter(({ outcome }) => outcome === 'inconclusive')
  const chosen = [...kept, ...open].slice(0, Math.max(mostRows, kept.length))
  return all.filter((one) => chosen.includes(one))
}

function drawn(document: ResultDocument, rows: readonly Comparison[], on: Terminal): string[] {
  const room = on.options.width ?? 80
  const sides = ['left', 'right', 'right', 'right', 'right', 'left'] as const
  const tries = [[], [1, 2]].map((gone: readonly number[]) => ({
    cells: cellsOf(document, rows, on).map((row) => row.filter((_, i) => !gone.includes(i))),
    sides: sides.filter((_, i) => !gone.includes(i)),
  }))
  const fits =
    tries.find((one) => alignedWidth(one.cells, one.sides.length) <= room) ?? tries.at(-1)
  return fits === undefined ? [] : aligned(fits.cells, fits.sides)
}

function cellsOf(
  document: ResultDocument,
  rows: readonly Comparison[],
  { paint }: Terminal,
): Cell[][] {
  const { plain, strong, faint } = paint
  const arms = new Set(rows.map(({ arm }) => arm))
  const head = ['', 'base', 'now', 'change', 'interval', 'outcome'].map(
    (text): Cell => ({ text, paint: strong }),
  )
  const groups = [...Map.groupBy(rows, ({ metric, phase }) => `${phase} ${metric}`).values()]
  return [
    head,
    ...groups.flatMap((group) => {
      const [first] = group as [Comparison]
      const values = group.flatMap((one) => Object.values(valuesOf(document, one)))
      const scale = scaleFor(
        metrics[first.metric].unit,
        values.flatMap((value) => value ?? []),
      )
      const name = metricName(document, first, scale.unit)
      const inside = group.map((one) => rowOf(document, { one, scale }, paint))
      // One arm needs no name: its metrics are the rows.
      if (arms.size === 1) {
        return inside.map((cells) => [{ text: plain(name) }, ...cells.slice(1)])
      }
      return [[{ text: plain(name), paint: faint }], ...inside]
    }),
  ]
}

/** `throughput (req/s)`; in a run of both phases, what latency was measured at. */
function metricName({ plan }: ResultDocument, { metric, phase }: Comparison, unit: string): string {
  const { label: name } = metrics[metric]
  const isLatencyPhase = plan.phases.length > 1 && phase === 'latency'
  const where = isLatencyPhase && !name.startsWith('latency') ? ', latency phase' : ''
  return `${name}${where}${unit === '' ? '' : ` (${unit})`}`
}

function rowOf(
  document: ResultDocument,
  { one, scale }: { readonly one: Comparison; readonly scale: Scale },
  paint: Terminal['paint'],
): Cell[] {
  const { plain, good, bad, careful, faint } = paint
  const shown = (value: number | undefined) =>
    plain(value === undefined ? '–' : scaled(value, scale))
  const { base, now } = valuesOf(document, one)
  const tone = {
    better: good,
    worse: bad,
    same: faint,
    inconclusive: careful,
    'too few trials': careful,
  }
  const arm = document.plan.arms.find(({ name }) => name === one.arm)
  const cores = new Set(document.plan.arms.map((own) => own.cores))
  const { variant: _, ...plainArm } = arm ?? { target: '', algorithm: 'none', cores: 1, name: '' }
  const name = arm === undefined ? one.arm : label(plainArm)
  return [
    { text: plain(`  ${name}${cores.size > 1 && arm ? ` ×${arm.cores}` : ''}`) },
    { text: shown(base) },
    { text: shown(now) },
    { text: plain(signed(one.ratio.center)), paint: tone[one.outcome] },
    { text: plain(intervalWords(one.ratio)), paint: faint },
    { text: one.outcome, paint: tone[one.outcome] },
  ]
}

function notesOn(all: readonly Comparison[], shown: readonly Comparison[]): string[] {
  const left = all.filter((one) => !shown.includes(one))
  const counts = [...Map.groupBy(left, ({ outcome }) => outcome)].map(
    ([outcome, group]) => `${group.length} ${outcome}`,
  )
  const widest = Math.max(...all.map(({ margin }) => margin))
  const [first] = all
  const level =
    first?.ratio.interval === 'confidence' ? `${percent(first.ratio.confidence)} intervals; ` : ''
  return [
    ...(counts.length === 0 ? [] : [`Not shown: ${counts.join(', ')} (--full).`]),
    `${level.charAt(0).toUpperCase()}${level.slice(1)}changes below ${percent(widest)} count as none.`,
  ]
}
