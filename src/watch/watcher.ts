import { printable } from '../kit/printable.ts'
import { evaluate, type Scrape } from './evaluate.ts'
import type { Panel } from './panel.ts'
import { panels } from './panels.ts'
import { readMetrics, type Samples } from './read-metrics.ts'
import type { WatchPanel, WatchSeries, WatchState } from './watch-state.ts'

/** Follows a balancer by the texts of its metrics. */
export interface Watcher {
  /**
   * The balancer responded with its metrics.
   *
   * @throws {Error} the text has no metrics of the reference balancer; the message is the reason as a clause
   */
  responded(text: string): void
  /** It did not respond, for this reason. */
  failed(reason: string): void
  state(): WatchState
}

/** Two clocks, in seconds: of the day (Unix time), and one that never goes back. */
interface Clocks {
  readonly time: () => number
  readonly steady: () => number
}

/** Rates are over so many intervals, as Grafana's `$__rate_interval`: the balancer publishes the CPU time of its workers once a second. */
export const rateIntervals = 4

/** Times that are kept at most: 15 minutes at an interval of one second. */
const maxTimes = 900

/** A series with the values of the times since it was first seen. */
interface KeptSeries extends Omit<WatchSeries, 'values'> {
  readonly values: (number | null)[]
}

/** Nothing is known yet of the balancer at `url`. */
export function watcher(
  url: string,
  clocks: Clocks = { time: () => Date.now() / 1e3, steady: () => performance.now() / 1e3 },
): Watcher {
  /** The last scrapes without a gap. */
  let scrapes: Scrape[] = []
  let last: Samples | undefined
  let silent: WatchState['silent']
  let restarted: number | undefined
  const at: number[] = []
  const kept = panels.map((panel) => ({ panel, series: new Map<string, KeptSeries>() }))

  const addTime = (): void => {
    at.push(clocks.time())
    const isFull = at.length > maxTimes
    if (isFull) at.shift()
    for (const { panel, series } of kept) addValues(panel, series)
    for (const { values } of kept.flatMap(({ series }) => [...series.values()])) {
      if (values.length > maxTimes) values.shift()
    }
  }
  const addValues = (panel: Panel, series: Map<string, KeptSeries>): void => {
    for (const { values } of series.values()) values.push(null)
    for (const [
      figure,
      { figure: own, legend, brief = legend, unit = panel.unit },
    ] of panel.figures.entries()) {
      for (const { labels, value } of evaluate(own, scrapes)) {
        const name = printable(
          legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? ''),
        )
        const key = `${figure} ${name}`
        const known = series.get(key) ?? { name, brief, unit, figure, values: at.map(() => null) }
        known.values[known.values.length - 1] = value
        series.set(key, known)
      }
    }
  }

  return {
    responded(text) {
      const samples = balancerMetrics(text)
      if (last !== undefined && hasRestarted(last, samples)) restarted = clocks.time()
      last = samples
      silent = undefined
      scrapes = [...scrapes.slice(-rateIntervals), { at: clocks.steady(), samples }]
      addTime()
    },
    failed(reason) {
      silent = { since: silent?.since ?? clocks.time(), reason }
      scrapes = []
      addTime()
    },
    state: () => ({
      ...{ url, now: clocks.time(), silent, restarted, at: [...at] },
      panels: kept.map(({ panel, series }) => shown(panel, [...series.values()])),
    }),
  }
}

function balancerMetrics(text: string): Samples {
  const samples = metricsIn(text)
  if (samples.has('lb_requests_total')) return samples
  throw new Error('the response has no metrics of lb serve')
}

function metricsIn(text: string): Samples {
  try {
    return readMetrics(text)
  } catch (error) {
    throw new Error(`the response is not metrics of Prometheus (${(error as Error).message})`)
  }
}

function shown(
  { title, description, unit, stacked = false }: Panel,
  series: KeptSeries[],
): WatchPanel {
  const ordered = series.toSorted((a, b) => a.figure - b.figure)
  return { title, description, unit, stacked, series: ordered }
}

/** Whether the process is another one: its requests, which no change of the configuration resets, have gone back, or its parent counts one more. */
function hasRestarted(before: Samples, after: Samples): boolean {
  const total = (samples: Samples, metric: string) =>
    (samples.get(metric) ?? []).reduce((sum, { value }) => sum + value, 0)
  const increase = (metric: string) => total(after, metric) - total(before, metric)
  return increase('lb_worker_requests_total') < 0 || increase('lb_process_restarts_total') > 0
}
