import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen } from '../kit/listen.ts'
import { liveAnswer } from './live-answer.ts'
import { subscribers } from './subscribers.ts'

/** A page that is served, and what it is sent. */
export interface PageServerOptions {
  /** 0: the kernel chooses. */
  readonly port: number
  /** The page, and its Content-Security-Policy. */
  readonly page: { readonly markup: string; readonly policy: string }
  /** Everything so far, for a page that was just opened. */
  past(): unknown
  /** What is new since the last call; undefined where nothing is. */
  news(): unknown
  /** A page has asked to stop what it shows; absent: no page can. */
  readonly onStop?: (() => void) | undefined
}

/** A server of one page that follows something. */
interface PageServer extends AsyncDisposable {
  /** The address of the page; with a token where it can stop what it shows. */
  readonly url: string
}

const host = '127.0.0.1'
/** Milliseconds between two events: a page redraws twice a second. */
const periodMs = 500
/** Connections at most: a browser opens up to six to one host. */
const maxConnections = 128

/**
 * Serves a page on the loopback address that is sent what is new. Disposing sends the last news and closes every connection.
 *
 * @throws {UsageError} the port cannot be listened on
 */
export async function openPageServer(options: PageServerOptions): Promise<PageServer> {
  const { port, page, past, news, onStop } = options
  const pages = subscribers(() => JSON.stringify(past()))
  const token = onStop && randomBytes(16).toString('hex')
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
      response.writeHead(200, { ...type, 'content-security-policy': page.policy })
      response.end(page.markup)
    } else if (answer.kind === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      pages.add(response)
    } else {
      onStop?.()
      response.writeHead(202, { 'content-type': 'text/plain' })
      response.end('The run stops, and reports what was measured.\n')
    }
  }
  server.on('request', respond)

  const sendNews = (): void => {
    // A page that is opened later is sent the past: news can wait for it.
    if (pages.count === 0) return
    const own = news()
    if (own !== undefined) pages.send(JSON.stringify(own))
  }
  const timer = setInterval(sendNews, periodMs)
  return {
    url: `http://${host}:${own}/${token ? `?token=${token}` : ''}`,
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
