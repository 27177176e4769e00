import { Agent, type IncomingMessage, request as send } from 'node:http'
import { dialer } from '../../connect/dialer.ts'
import { usableEndpoints } from '../../connect/usable-endpoints.ts'
import { ProcessError } from '../../kit/errors.ts'
import type { RequestPlan } from '../../plan/plan.ts'
import { bodyOf, requestFields } from '../../plan/request-fields.ts'
import { targetUrl } from '../../plan/target-url.ts'
import type { Transport } from '../../plan/transport.ts'

/** Clients that send one request after the other. */
export interface LeakClients extends Disposable {
  /**
   * Sends this many requests, and reads their responses.
   *
   * @throws {ProcessError} more than 1 % of them fail
   * @throws the signal's reason, once it aborts
   */
  send(count: number): Promise<void>
}

/** Where requests go, how, and over how many connections. */
export interface LeakClientOptions {
  readonly url: URL
  readonly request: RequestPlan
  /** Of HTTP/1.1 only. */
  readonly transport: Omit<Transport, 'http2' | 'streams'>
  /** Requests in flight. */
  readonly clients: number
  /** Whether all requests of a client use one connection, or each a new one. */
  readonly keepAlive: boolean
  readonly signal: AbortSignal
}

/** Milliseconds that a response may take. */
const timeoutMs = 10_000

/** Fraction of requests that may fail. */
const maxFailed = 0.01

/**
 * Clients on `node:http`: their own cost does not matter here, the number of requests does. Of several addresses the first
 * that accepts a connection is used.
 *
 * @throws {UsageError} the name does not resolve, or a file of the transport cannot be used
 */
export async function leakClients(options: LeakClientOptions): Promise<LeakClients> {
  const { url, request, clients, keepAlive, signal } = options
  const dial = await dialer(targetUrl(url.href), options.transport)
  const { usable } = await usableEndpoints(dial.endpoints)
  const agent = new Agent({ keepAlive, maxSockets: clients })
  agent.createConnection = () => dial.open(usable[0])
  const { method, path } = request
  const headers = Object.fromEntries(requestFields(request, dial.target.url))
  const body = bodyOf(request)
  const once = () =>
    new Promise<boolean>((resolve) => {
      const sent = send({ method, path, headers, agent, timeout: timeoutMs })
      sent.on('timeout', () => sent.destroy())
      sent.on('error', () => resolve(false))
      sent.on('response', (response: IncomingMessage) => {
        response.resume()
        response.on('end', () => resolve((response.statusCode ?? 500) < 500))
        response.on('error', () => resolve(false))
        response.on('close', () => resolve(false))
      })
      sent.end(body.length > 0 ? body : undefined)
    })
  return {
    async send(count) {
      let [left, failed] = [count, 0]
      const work = async () => {
        while (left > 0 && !signal.aborted) {
          left--
          if (!(await once())) failed++
        }
      }
      await Promise.all(Array.from({ length: clients }, work))
      signal.throwIfAborted()
      if (failed > maxFailed * count) {
        throw new ProcessError(
          `${failed} of ${count} requests to ${url.origin} failed`,
          'growth is measured for requests that succeed: see the log of the target',
        )
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}
