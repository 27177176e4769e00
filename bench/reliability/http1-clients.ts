import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import {
  type Attempt,
  type Clients,
  type NumberedRequest,
  nowMs,
  postBody,
  timeoutMs,
} from './attempt.ts'
import { type TimestampedAgent, timestampedAgent } from './timestamped-agent.ts'

/** Clients in HTTP/1.1. */
export function http1Clients(): Clients {
  const pool = timestampedAgent({ keepAlive: true, maxSockets: 500 })
  const once = timestampedAgent({ keepAlive: false })
  return {
    attempt: (numbered, fresh) => attempt(fresh ? once : pool, numbered),
    close() {
      pool.agent.destroy()
      once.agent.destroy()
    },
  }
}

function attempt(
  { agent, openedMs }: TimestampedAgent,
  options: NumberedRequest,
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
        unprocessed: false,
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
    sent.end(options.method === 'POST' ? postBody : undefined)
  })
}
