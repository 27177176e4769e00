import { setTimeout as sleep } from 'node:timers/promises'
import { statusOf, watchLine, watchLines, watchReport } from '../../reports/commands/watch-view.ts'
import { fullScreen } from '../cli/full-screen.ts'
import { interruption } from '../cli/interrupt.ts'
import type { Invocation } from '../cli/invocation.ts'
import { UsageError } from '../kit/errors.ts'
import { fetchMetrics } from '../watch/fetch-metrics.ts'
import { metricsAddress } from '../watch/metrics-address.ts'
import type { WatchState } from '../watch/watch-state.ts'
import { rateIntervals, type Watcher, watcher } from '../watch/watcher.ts'
import { openWatchPage } from './watch-page.ts'

/** Values of the flags of `lb watch`. Times in seconds. */
interface WatchFlags {
  readonly interval: number
  readonly seconds?: number | undefined
  readonly once: boolean
  readonly live?: number | undefined
  readonly 'admin-token'?: string | undefined
}

/** Seconds that a response may take at least. */
const minTimeout = 2

/**
 * Shows a running balancer until a key, a signal or `--seconds` ends it; one that does not respond meanwhile is tried again.
 *
 * @throws {UsageError} there are no metrics of a reference balancer at this address, or the page cannot listen on its port
 */
export async function watch(
  address: string,
  flags: WatchFlags,
  invocation: Invocation,
): Promise<WatchState> {
  const { url, shown } = metricsAddress(address)
  using interrupted = interruption()
  const quit = new AbortController()
  const ends = [interrupted.signal, quit.signal]
  const limit = flags.seconds === undefined ? [] : [AbortSignal.timeout(flags.seconds * 1000)]
  const signal = AbortSignal.any([...ends, ...limit])
  const balancer = watcher(shown)
  const timeout = Math.max(minTimeout, flags.interval)
  const read = () => fetchMetrics(url, { token: flags['admin-token'], timeout, signal })
  await readFirst(balancer, read, shown)
  await using page = await openWatchPage(flags.live, balancer)
  if (page) process.stderr.write(`lb: live page: ${page.url}\n`)
  using view = viewOf(balancer, {
    ...{ isOnce: flags.once, page: page?.url, invocation },
    quit: () => quit.abort(),
  })
  let left = flags.once ? rateIntervals : Number.POSITIVE_INFINITY
  for await (const _ of ticks(flags.interval, signal)) {
    await readNext(balancer, read, signal)
    if (signal.aborted) break
    page?.update()
    view.update()
    if (--left === 0) break
  }
  const state = balancer.state()
  if (flags.once) {
    if (state.silent) throw noMetrics(shown, state.silent.reason)
    invocation.print(watchReport(state, invocation.render))
  }
  return state
}

/** Reads the balancer for the first time: an address without its metrics is a mistake then. */
async function readFirst(
  balancer: Watcher,
  read: () => Promise<string>,
  shown: string,
): Promise<void> {
  try {
    balancer.responded(await read())
  } catch (error) {
    throw noMetrics(shown, (error as Error).message)
  }
}

function noMetrics(shown: string, reason: string): UsageError {
  return new UsageError(
    `cannot read metrics of ${shown}: ${reason}`,
    'pass the address of the admin port of "lb serve --admin-port PORT"',
  )
}

async function readNext(
  balancer: Watcher,
  read: () => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    balancer.responded(await read())
  } catch (error) {
    if (!signal.aborted) balancer.failed((error as Error).message)
  }
}

/** Yields at each interval from now on until the signal; an interval that was missed is left out. */
async function* ticks(seconds: number, signal: AbortSignal): AsyncGenerator<void> {
  const began = performance.now()
  for (let number = 1; !signal.aborted; number++) {
    const wait = began + number * seconds * 1000 - performance.now()
    if (wait < 0) continue
    try {
      await sleep(wait, undefined, { signal })
    } catch {
      return
    }
    yield
  }
}

interface ViewOptions {
  readonly isOnce: boolean
  /** The address of the page. */
  readonly page: string | undefined
  readonly invocation: Invocation
  quit(): void
}

/** The view on standard output: full screen on a terminal, else lines; none with `--once` and `--json`. */
function viewOf(
  balancer: Watcher,
  { isOnce, page, invocation, quit }: ViewOptions,
): Disposable & { update(): void } {
  const { stdout, stdin, env } = process
  const { render, json } = invocation
  if (isOnce || json) return { update() {}, [Symbol.dispose]() {} }
  if (stdout.isTTY && env.TERM !== 'dumb') {
    const hint = ['q: quit', ...(page ? [`page: ${page}`] : [])].join('   ')
    const lines = (columns: number, rows: number) =>
      watchLines(balancer.state(), { columns, rows }, { ...render, hint })
    return fullScreen({ output: stdout, input: stdin, lines, quit })
  }
  let [silentSince, restarted]: (number | undefined)[] = []
  const update = (): void => {
    const state = balancer.state()
    if (state.silent?.since !== silentSince) {
      invocation.note(state.silent ? statusOf(state) : 'it answers again')
    }
    silentSince = state.silent?.since
    if (state.silent) return
    if (state.restarted !== restarted) invocation.note(statusOf(state))
    restarted = state.restarted
    invocation.print(`${watchLine(state)}\n`)
  }
  return { update, [Symbol.dispose]() {} }
}
