import { watchPage } from '../../reports/charts/watch-page.ts'
import { openPageServer } from '../live/page-server.ts'
import type { WatchState } from '../watch/watch-state.ts'
import type { Watcher } from '../watch/watcher.ts'

/** A page that shows a balancer that is watched. */
interface WatchPage extends AsyncDisposable {
  readonly url: string
  /** Something is new: pages are sent it within half a second. */
  update(): void
}

/** What a page is sent: it replaces every value at a time of `at`, and all values where series are new. */
interface WatchUpdate extends Omit<WatchState, 'panels'> {
  /** Whether the page forgets what it has. */
  readonly all: boolean
  readonly panels: readonly Pick<WatchState['panels'][number], 'unit' | 'series'>[]
}

/**
 * Serves the panels of a balancer at this port of the loopback address; undefined without a port.
 *
 * @throws {UsageError} the port cannot be listened on
 */
export async function openWatchPage(
  port: number | undefined,
  balancer: Watcher,
): Promise<WatchPage | undefined> {
  if (port === undefined) return undefined
  let isNew = false
  let sent: { readonly time: number; readonly names: string } | undefined
  const past = (): WatchUpdate => updateFrom(balancer.state(), 0)
  const server = await openPageServer({
    port,
    page: watchPage(balancer.state().panels),
    past,
    news() {
      if (!isNew) return undefined
      isNew = false
      const state = balancer.state()
      const names = namesOf(state)
      const from = names === sent?.names ? firstAfter(state.at, sent.time) : 0
      sent = { time: state.at.at(-1) ?? 0, names }
      return updateFrom(state, from)
    },
  })
  return {
    url: server.url,
    update() {
      isNew = true
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function updateFrom({ panels, ...state }: WatchState, from: number): WatchUpdate {
  return {
    ...state,
    all: from === 0,
    at: state.at.slice(from),
    panels: panels.map(({ unit, series }) => ({
      unit,
      series: series.map((one) => ({ ...one, values: one.values.slice(from) })),
    })),
  }
}

function namesOf({ panels }: WatchState): string {
  return JSON.stringify(panels.map(({ series }) => series.map(({ name }) => name)))
}

function firstAfter(at: readonly number[], time: number): number {
  const first = at.findIndex((one) => one > time)
  return first < 0 ? at.length : first
}
