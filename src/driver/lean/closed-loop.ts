import type { Load } from '../../plan/plan.ts'
import { backoffMs } from '../backoff.ts'
import type { ClientListener, StartClients } from '../drive-closed-loop.ts'
import type { Connection, ConnectionListener } from './connection.ts'
import type { Connector } from './connector.ts'

/** Milliseconds between two checks for time-outs: a time-out is noticed at most this much late. */
const timeoutCheckMs = 10

/** Starts the connections of a closed loop on raw sockets; each sends when its last request has ended. */
export function leanClients({ slots, connect }: Connector): StartClients {
  return (load, _, listener) => startLeanClients(load, { slots, connect }, listener)
}

function startLeanClients(
  load: Load,
  { slots, connect }: Pick<Connector, 'slots' | 'connect'>,
  listener: ClientListener,
): () => Promise<void> {
  const timeoutMs = load.timeout * 1e3
  const send = (connection: Connection): void => {
    if (listener.draining) return
    listener.sent()
    connection.send(performance.now())
  }
  const client = (): Connection => {
    let failures = 0
    const events: ConnectionListener = {
      completed(connection, status) {
        failures = 0
        listener.completed(status, connection.sentMs, connection.connectedMs)
      },
      failed(connection, kind) {
        failures++
        listener.failed(kind, connection.sentMs)
      },
      free(connection) {
        const delayMs = backoffMs(failures)
        if (delayMs === 0) send(connection)
        else setTimeout(send, delayMs, connection).unref()
      },
    }
    return connect(events)
  }
  const clients = Array.from({ length: slots }, client)
  const checkTimeouts = (): void => {
    const sentBefore = performance.now() - timeoutMs
    for (const one of clients) {
      if (!one.inFlight || one.sentMs > sentBefore) continue
      listener.timedOut(one.sentMs)
      one.cancel()
    }
  }
  const timer = setInterval(checkTimeouts, timeoutCheckMs)
  for (const one of clients) send(one)
  return async () => {
    clearInterval(timer)
    for (const one of clients) one.close()
  }
}
