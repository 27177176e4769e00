import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { Socket } from 'node:net'
import { nowMs, type StampedAgent } from './stamped-agent.ts'

/** How one try of a request ended. */
export interface Attempt {
  /** The status once the answer is complete, or the code of what went wrong. */
  readonly outcome: string
  /** Its connection had carried a request before. */
  readonly reused: boolean
  /** Octets of an answer had come. */
  readonly begun: boolean
  /** When its connection was begun, in milliseconds since 1970. */
  readonly connectionMs: number
  /** When the try ended, in the same. */
  readonly endedMs: number
}

/** Milliseconds after which a request has failed. */
const timeoutMs = 20_000

/** Tries a request once. */
export function attempt(
  { agent, begunMs }: StampedAgent,
  options: Pick<RequestOptions, 'port' | 'path' | 'method'>,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', ...options, agent, timeout: timeoutMs })
    let connection: Socket | undefined
    let readBefore = 0
    const end = (outcome: string) =>
      resolve({
        outcome,
        reused: asked.reusedSocket,
        begun: (connection?.bytesRead ?? 0) > readBefore,
        connectionMs: connection === undefined ? Number.NaN : begunMs(connection),
        endedMs: nowMs(),
      })
    const fail = (error: NodeJS.ErrnoException) => end(error.code ?? error.message)
    asked.on('socket', (socket) => {
      connection = socket
      readBefore = socket.bytesRead
    })
    asked.on('timeout', () => asked.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
    asked.on('error', fail)
    asked.on('response', (answer: IncomingMessage) => {
      answer.resume()
      answer.on('end', () => end(String(answer.statusCode)))
      answer.on('error', fail)
    })
    asked.end(options.method === 'POST' ? 'a body' : undefined)
  })
}

/**
 * Whether a client may send it again by itself: its method is idempotent, and its connection, which had carried
 * others, was closed before any octet of the answer came. RFC 9110, section 9.2.2; RFC 9112, section 9.3.1.
 */
export function mayRepeat(method: string, { outcome, reused, begun }: Attempt): boolean {
  const closed = outcome === 'ECONNRESET' || outcome === 'EPIPE'
  return method === 'GET' && closed && reused && !begun
}
