import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent, scaled, scaleFor } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import { type MetricName, metrics } from '../../src/result/metrics.ts'
import type { History } from '../../src/store/history.ts'
import type { Series } from '../../src/store/history-series.ts'
import { grid } from '../layout/grid.ts'
import { type Screen, screen } from '../layout/screen.ts'
import { signed } from '../sections/comparisons.ts'
import { plural } from '../sections/words.ts'

/** The runs that were kept, for a terminal. */
export function historyList({ entries, damaged }: History, look: RenderOptions): string {
  const on = screen(look)
  const { plain, strong, careful } = on.paint
  const table = grid({
    head: ['run', 'scenario', 'arms', 'host'].map((name) => strong(plain(name))),
    rows: entries.map(({ id, scenario, findings, cpuModel }) =>
      [id, scenario, String(new Set(findings.map(({ arm }) => arm)).size), cpuModel].map(plain),
    ),
    rule: plain('─'),
  })
  const broken = damaged.map((id) => careful(plain(`cannot be read: ${id}`)))
  const empty = 'Nothing was kept yet: "lb bench --keep" does.'
  return `${[entries.length === 0 ? plain(empty) : table, ...broken].join('\n')}\n`
}

/** A metric over time, for a terminal: a line a run, and where its level changed. */
export function historySeries(
  all: readonly Series[],
  metric: MetricName,
  look: RenderOptions,
): string {
  const on = screen(look)
  if (all.length === 0)
    return `${on.paint.plain(`No run that was kept has ${metrics[metric].label}.`)}\n`
  return `${all.map((series) => drawn(series, metric, on)).join('\n\n')}\n`
}

/** Widest bar. */
const bar = 20

function drawn(series: Series, metric: MetricName, { look, paint }: Screen): string {
  const { scenario, arm, phase, cpuModel, points, changes } = series
  const values = points.map(({ value }) => value)
  const scale = scaleFor(metrics[metric].unit, values)
  const most = Math.max(...values)
  const rows = points.map(({ createdAt, value }, i) => {
    const change = changes.find(({ index }) => index === i)
    const full = most > 0 ? Math.round((value / most) * bar) : 0
    return [
      createdAt.slice(0, 16).replace('T', ' '),
      scaled(value, scale),
      '█'.repeat(full).padEnd(bar),
      change === undefined ? '' : `${signed(change.after / change.before)} from here on`,
    ].map(paint.plain)
  })
  const title = `${metrics[metric].label} of ${arm}, ${scenario}, ${phase} phase, on ${cpuModel}`
  const note =
    changes.length === 0
      ? `No change of level in ${plural(points.length, 'run')}${points.length < 8 ? ', which are few to tell' : ''}.`
      : `${plural(changes.length, 'change')} of level, each with p below ${percent(0.001)}.`
  return [
    paint.strong(wrap(paint.plain(title), look.width)),
    grid({ head: ['run', scale.unit, '', ''].map(paint.plain), rows, rule: paint.plain('─') }),
    paint.faint(wrap(paint.plain(note), look.width)),
  ].join('\n')
}
