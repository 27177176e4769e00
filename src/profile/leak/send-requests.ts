import { Agent, type IncomingMessage, request } from 'node:http'
import { ProcessError } from '../../kit/errors.ts'

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

/** Where requests go, and over how many connections. */
export interface LeakClientOptions {
  readonly url: URL
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

/** Clients on `node:http`: their own cost does not matter here, the number of requests does. */
export function leakClients({ url, clients, keepAlive, signal }: LeakClientOptions): LeakClients {
  const agent = new Agent({ keepAlive, maxSockets: clients })
  const once = () =>
    new Promise<boolean>((resolve) => {
      const sent = request(url, { agent, timeout: timeoutMs })
      sent.on('timeout', () => sent.destroy())
      sent.on('error', () => resolve(false))
      sent.on('response', (response: IncomingMessage) => {
        response.resume()
        response.on('end', () => resolve((response.statusCode ?? 500) < 500))
        response.on('error', () => resolve(false))
        response.on('close', () => resolve(false))
      })
      sent.end()
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
