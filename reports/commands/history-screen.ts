import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { scaled, scaleFor } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import { type MetricName, metrics } from '../../src/result/metrics.ts'
import type { Series } from '../../src/store/history-series.ts'
import { aligned, type Cell } from '../layout/aligned.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { signed } from '../sections/comparisons.ts'

/** Arms beyond which the others are counted. */
const mostArms = 24
/** Runs that a line has columns for, the newest. */
const mostColumns = 24
/** Columns beyond which prose is hard to read. */
const widestProse = 100

/** A metric over the stored runs on one screen: the level shifts first, then for each arm its newest value and its course. */
export function historyScreen(
  all: readonly Series[],
  metric: MetricName,
  options: RenderOptions,
): string {
  const width = Math.min(options.width ?? 80, widestProse)
  const on = terminal({ ...options, width })
  const { plain, strong, faint, good, careful } = on.paint
  const shifted = all.filter(({ changes }) => changes.length > 0)
  const tone = shifted.length > 0 ? careful : good
  const shown = all.toSorted((a, b) => b.changes.length - a.changes.length).slice(0, mostArms)
  const left = all.length - shown.length
  const groups = Map.groupBy(
    shown,
    ({ scenario, phase, cpuModel }) => `${scenario}, ${phase} phase, on ${cpuModel}`,
  )
  const lines = [
    ...wrap(plain(answer(all, metric)), width)
      .split('\n')
      .map((line) => strong(tone(line))),
    ...[...groups].flatMap(([name, own]) => [
      '',
      ...wrap(plain(name), width, 2).split('\n').map(strong),
      ...rowLines(own, metric, on),
    ]),
    ...(left > 0 ? [faint(plain(`${plural(left, 'more arm')}: --full`))] : []),
    '',
    faint(plain('The newest value, and the runs from old to new. Every run: --full.')),
  ]
  return `${lines.join('\n')}\n`
}

function answer(all: readonly Series[], metric: MetricName): string {
  const { label } = metrics[metric]
  const shifts = all.flatMap(({ arm, changes, points }) =>
    changes.map(({ index, before, after }) => ({
      arm,
      change: signed(after / before),
      since: dayOf(points[index]?.createdAt),
    })),
  )
  const runs = Math.max(...all.map(({ points }) => points.length))
  const [last] = shifts.toSorted((a, b) => a.since.localeCompare(b.since)).slice(-1)
  if (last === undefined) return `No level shift of ${label} in ${plural(runs, 'run')}.`
  const others = shifts.length - 1
  const more = others === 0 ? '' : `; ${plural(others, 'other shift')}`
  return `${label} of ${last.arm} shifted by ${last.change} on ${last.since}${more}.`.replace(
    /^./,
    (first) => first.toUpperCase(),
  )
}

function dayOf(createdAt: string | undefined): string {
  return (createdAt ?? '').slice(0, 10)
}

function rowLines(own: readonly Series[], metric: MetricName, { paint }: Terminal): string[] {
  const { plain, careful } = paint
  const scale = scaleFor(
    metrics[metric].unit,
    own.flatMap(({ points }) => points.map(({ value }) => value)),
  )
  return aligned(
    own.map(({ arm, points, changes }): Cell[] => {
      const values = points.map(({ value }) => value)
      const last = changes.at(-1)
      const shift =
        last === undefined
          ? ''
          : `${signed(last.after / last.before)} since ${dayOf(points[last.index]?.createdAt)}`
      return [
        { text: plain(`  ${arm}`) },
        { text: plain(`${scaled(values.at(-1) ?? 0, scale)} ${scale.unit}`) },
        { text: plain(course(values.slice(-mostColumns))) },
        { text: plain(shift), paint: careful },
      ]
    }),
    ['left', 'right', 'left', 'left'],
  )
}

const columns = '▁▂▃▄▅▆▇█'

/** A column for each value, from 0 to the highest: the heights can be compared, not only their order. */
function course(values: readonly number[]): string {
  const max = Math.max(...values)
  return values
    .map((value) => columns[Math.min(7, Math.max(0, Math.round((8 * value) / (max || 1)) - 1))])
    .join('')
}
