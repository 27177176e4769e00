import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { livePage } from '../../reports/charts/live-page.ts'
import { listen } from '../kit/listen.ts'
import { liveAnswer } from './live-answer.ts'
import type { LiveMessage } from './live-message.ts'
import { liveState } from './live-state.ts'
import { subscribers } from './subscribers.ts'

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
  /** Adds what is new; pages are sent it within `periodMs`. */
  add(message: LiveMessage): void
}

const host = '127.0.0.1'
/** Milliseconds between two events: a page redraws twice a second. */
const periodMs = 500
/** Connections at most: a browser opens up to six to one host. */
const maxConnections = 128

/**
 * Serves a page on the loopback address that shows the run from its begin, however late it is opened. Disposing sends the
 * last news and closes every connection.
 *
 * @throws {UsageError} the port cannot be listened on
 */
export async function openLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const { port, cellSeconds, onStop } = options
  const state = liveState(cellSeconds)
  const pages = subscribers(() => JSON.stringify(state.past()))
  const token = randomBytes(16).toString('hex')
  const { markup, policy } = livePage()
  const server = createServer()
  server.maxConnections = maxConnections
  await listen(server, { host, port }, 'the live page')
  const { port: own } = server.address() as AddressInfo

  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url = '', headers } = request
    const { host: named, origin, authorization } = headers
    const answer = liveAnswer(
      { method, url, host: named, origin, authorization },
      { port: own, token },
    )
    for (const [name, value] of Object.entries(common)) response.setHeader(name, value)
    if (answer.kind === 'refused') {
      response.writeHead(answer.status, { ...answer.headers, 'content-type': 'text/plain' })
      response.end(`${answer.text}\n`)
    } else if (answer.kind === 'page') {
      const type = { 'content-type': 'text/html; charset=utf-8' }
      response.writeHead(200, { ...type, 'content-security-policy': policy })
      response.end(markup)
    } else if (answer.kind === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      pages.add(response)
    } else {
      onStop()
      response.writeHead(202, { 'content-type': 'text/plain' })
      response.end('The run stops, and reports what was measured.\n')
    }
  }
  server.on('request', respond)

  const sendNews = (): void => {
    // A page that is opened later is sent the past: news can wait for it.
    if (pages.count === 0) return
    const news = state.news()
    if (news !== undefined) pages.send(JSON.stringify(news))
  }
  const timer = setInterval(sendNews, periodMs)
  return {
    url: `http://${host}:${own}/?token=${token}`,
    add: state.add,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      sendNews()
      server.close()
      await pages.end()
      server.closeAllConnections()
    },
  }
}

/** Fields of every response: nothing is stored, framed, sniffed or sent to another site. */
const common = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const
