import { livePage } from '../../reports/charts/live-page.ts'
import type { LiveMessage } from './live-message.ts'
import { liveState } from './live-state.ts'
import { openPageServer } from './page-server.ts'

/** Where the page is served, and what stops the run. */
export interface LiveServerOptions {
  /** 0: the kernel chooses. */
  readonly port: number
  /** Seconds of one cell of the charts, while they have room. */
  readonly cellSeconds: number
  /** A page has asked to stop the run. */
  readonly onStop: () => void
}

/** A server of one page that follows a run. */
export interface LiveServer extends AsyncDisposable {
  /** The address of the page, with its token. */
  readonly url: string
  /** Adds what is new; pages are sent it within half a second. */
  add(message: LiveMessage): void
}

/**
 * Serves a page on the loopback address that shows the run from its begin, however late it is opened. Disposing sends the
 * last news and closes every connection.
 *
 * @throws {UsageError} the port cannot be listened on
 */
export async function openLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const { port, cellSeconds, onStop } = options
  const { past, news, add } = liveState(cellSeconds)
  const server = await openPageServer({ port, page: livePage(), past, news, onStop })
  const dispose = () => server[Symbol.asyncDispose]()
  return { url: server.url, add, [Symbol.asyncDispose]: dispose }
}
