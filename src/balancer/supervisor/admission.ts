import type { Socket } from 'node:net'
import type { BalancerSettings } from '../config/config.ts'
import { localResponse } from '../http/local-response.ts'
import { proxyStatusOf } from '../shared/proxy-status-of.ts'
import type { WorkerPool } from './worker-pool.ts'

/**
 * Maximum number of connections beyond `limits.connections` that are kept to take their response; further ones are
 * closed at once, so that the limit bounds file descriptors whatever clients do.
 */
const maxLeaving = 256

/** Decides which accepted connections are served. */
export interface Admission extends Disposable {
  /** Sends a connection to a worker, or turns it away. */
  admit(socket: Socket): void
  /** Connections that were turned away. */
  turnedAway(): number
}

/**
 * Connections beyond `limits.connections` get a 503, or over TLS, where no response can be sent before the handshake,
 * none. They are closed after `timeouts.linger`, whether or not their client has closed.
 */
export function newAdmission(
  settings: () => BalancerSettings,
  workers: Pick<WorkerPool, 'dispatch' | 'open'>,
): Admission {
  const leaving = new Set<Socket>()
  let turnedAway = 0

  function turnAway(socket: Socket): void {
    turnedAway++
    socket.on('error', () => socket.destroy())
    const current = settings()
    const { tls, timeouts } = current
    if (tls !== undefined || leaving.size >= maxLeaving) {
      socket.destroy()
      return
    }
    leaving.add(socket)
    const timeout = setTimeout(() => socket.destroy(), timeouts.linger * 1000)
    socket.once('close', () => {
      clearTimeout(timeout)
      leaving.delete(socket)
    })
    socket.end(localResponse(503, { proxyStatus: proxyStatusOf(current, 'connection-limit') }))
    socket.resume()
  }

  return {
    admit(socket) {
      const { connections } = settings().limits
      if (connections > 0 && workers.open() >= connections) turnAway(socket)
      else workers.dispatch(socket)
    },
    turnedAway: () => turnedAway,
    [Symbol.dispose]() {
      for (const socket of leaving) socket.destroy()
    },
  }
}
