import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { Socket } from 'node:net'
import { nowMs, type TimestampedAgent } from './timestamped-agent.ts'

/** The outcome of one attempt of a request. */
export interface Attempt {
  /** The status of the complete response, or the error code. */
  readonly outcome: string
  /** Whether its connection had carried a request before. */
  readonly reused: boolean
  /** Whether bytes of a response had been received. */
  readonly responseBegun: boolean
  /** When its connection was opened, in milliseconds since 1970. */
  readonly connectionMs: number
  /** When the attempt ended, in milliseconds since 1970. */
  readonly endedMs: number
}

/** Time-out of a request, milliseconds. */
const timeoutMs = 20_000

/** Attempts a request once. */
export function attempt(
  { agent, openedMs }: TimestampedAgent,
  options: Pick<RequestOptions, 'port' | 'path' | 'method'>,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', ...options, agent, timeout: timeoutMs })
    let connection: Socket | undefined
    let readBefore = 0
    const end = (outcome: string) =>
      resolve({
        outcome,
        reused: sent.reusedSocket,
        responseBegun: (connection?.bytesRead ?? 0) > readBefore,
        connectionMs: connection === undefined ? Number.NaN : openedMs(connection),
        endedMs: nowMs(),
      })
    const fail = (error: NodeJS.ErrnoException) => end(error.code ?? error.message)
    sent.on('socket', (socket) => {
      connection = socket
      readBefore = socket.bytesRead
    })
    sent.on('timeout', () => sent.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
    sent.on('error', fail)
    sent.on('response', (response: IncomingMessage) => {
      response.resume()
      response.on('end', () => end(String(response.statusCode)))
      response.on('error', fail)
    })
    sent.end(options.method === 'POST' ? 'a body' : undefined)
  })
}

/**
 * Whether a client may repeat a request by itself: its method is idempotent, and its connection, which had carried
 * others, was closed before the first byte of the response. RFC 9110, section 9.2.2; RFC 9112, section 9.3.1.
 */
export function mayRepeat(method: string, { outcome, reused, responseBegun }: Attempt): boolean {
  const closed = outcome === 'ECONNRESET' || outcome === 'EPIPE'
  return method === 'GET' && closed && reused && !responseBegun
}
