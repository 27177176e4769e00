import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent, scaled, scaleFor } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import { type MetricName, metrics } from '../../src/result/metrics.ts'
import type { History } from '../../src/store/history.ts'
import type { Series } from '../../src/store/history-series.ts'
import { fact } from '../layout/fact.ts'
import { grid } from '../layout/grid.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { signed } from '../sections/comparisons.ts'
import { historyScreen } from './history-screen.ts'

/** Runs beyond which the older ones are counted. */
const mostRuns = 20
/** Scenarios beyond which they are counted. */
const mostScenarios = 3
/** Columns of the name of a host. */
const widestHost = 20

/** The stored runs, for a terminal: the newest ones, or with `full` all. */
export function historyList({ entries, damaged }: History, options: RenderOptions): string {
  const on = terminal(options)
  const { plain, strong, careful, faint } = on.paint
  const shown = options.full ? entries : entries.slice(-mostRuns)
  // One host needs no column.
  const hosts = new Set(entries.map(({ cpuModel }) => cpuModel))
  const isNarrow = options.width !== undefined && !options.full
  const hostOf = (cpuModel: string) => (isNarrow ? cpuModel.slice(0, widestHost) : cpuModel)
  const columns = isNarrow && hosts.size < 2 ? 3 : 4
  const table = grid({
    head: ['run', 'scenario', 'arms', 'host'].slice(0, columns).map((name) => strong(plain(name))),
    rows: shown.map(({ id, scenario, findings, cpuModel }) => {
      const arms = String(new Set(findings.map(({ arm }) => arm)).size)
      return [id, scenario, arms, hostOf(cpuModel)].slice(0, columns).map(plain)
    }),
    rule: plain('─'),
  })
  const next = fact('Next', ['lb history --metric throughput  # follows it from run to run'], on)
  const older = entries.length - shown.length
  const more = older > 0 ? [faint(plain(`${plural(older, 'older run')}: --full`))] : []
  const broken = damaged.map((id) => careful(plain(`not readable: ${id}`)))
  const empty = 'No stored runs: "lb bench --keep" stores one.'
  const listed =
    entries.length === 0
      ? [plain(empty), ...broken]
      : [
          strong(wrap(plain(listAnswer(entries)), options.width)),
          '',
          table,
          ...more,
          ...broken,
          '',
          ...next,
        ]
  return `${listed.join('\n')}\n`
}

/** How many runs there are, of what, and from when: `30 stored runs of default, 2026-03-01 to 2026-03-30.` */
function listAnswer(entries: History['entries']): string {
  const days = entries.map(({ createdAt }) => createdAt.slice(0, 10)).toSorted()
  const scenarios = [...new Set(entries.map(({ scenario }) => scenario))]
  const of =
    scenarios.length > mostScenarios ? `${scenarios.length} scenarios` : scenarios.join(', ')
  const [from, to] = [days[0], days.at(-1)]
  return `${plural(entries.length, 'stored run')} of ${of}, ${from === to ? from : `${from} to ${to}`}.`
}

/** A metric over time, for a terminal: a line per arm, or with `full` a line per run. */
export function historySeries(
  all: readonly Series[],
  metric: MetricName,
  options: RenderOptions,
): string {
  const on = terminal(options)
  if (all.length === 0) return `${on.paint.plain(`No stored run has ${metrics[metric].label}.`)}\n`
  if (!options.full) return historyScreen(all, metric, options)
  return `${all.map((series) => drawn(series, metric, on)).join('\n\n')}\n`
}

/** Length of the longest bar, in characters. */
const longestBar = 20

function drawn(series: Series, metric: MetricName, { options, paint }: Terminal): string {
  const { scenario, arm, phase, cpuModel, points, changes } = series
  const values = points.map(({ value }) => value)
  const scale = scaleFor(metrics[metric].unit, values)
  const max = Math.max(...values)
  const rows = points.map(({ createdAt, value }, i) => {
    const change = changes.find(({ index }) => index === i)
    const length = max > 0 ? Math.round((value / max) * longestBar) : 0
    return [
      createdAt.slice(0, 16).replace('T', ' '),
      scaled(value, scale),
      '█'.repeat(length).padEnd(longestBar),
      change === undefined ? '' : `${signed(change.after / change.before)} from this run on`,
    ].map(paint.plain)
  })
  const title = `${metrics[metric].label} of ${arm}, ${scenario}, ${phase} phase, on ${cpuModel}`
  const note = changes.length === 0 ? noShift(points.length) : shifts(changes.length)
  return [
    paint.strong(wrap(paint.plain(title), options.width)),
    grid({ head: ['run', scale.unit, '', ''].map(paint.plain), rows, rule: paint.plain('─') }),
    paint.faint(wrap(paint.plain(note), options.width)),
  ].join('\n')
}

/** Runs below which a level shift is likely to be missed. */
const fewRuns = 8

function noShift(runs: number): string {
  if (runs === 1) return 'Only 1 run so far: too few to see a level shift.'
  const power = runs < fewRuns ? ': low power' : ''
  return `No level shift found (${runs} runs${power}).`
}

function shifts(count: number): string {
  return `${plural(count, 'level shift')} found, each with p below ${percent(0.001)}.`
}
