import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Maximum number of connections: few clients, short requests. */
const maxConnections = 64

/**
 * Limits the connections of the admin port. A new connection beyond the limit closes the oldest one that is idle or
 * whose request is incomplete, so that clients that hold connections do not keep others out.
 */
export function limitConnections(server: Server): void {
  /** In the order of their start; the value: a request was received whose response is not complete. */
  const connections = new Map<Socket, boolean>()
  const close = (socket: Socket | undefined) => {
    if (socket === undefined) return
    connections.delete(socket)
    socket.destroy()
  }
  server.on('connection', (socket) => {
    if (connections.size >= maxConnections) close(oldest(connections))
    connections.set(socket, false)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    connections.set(socket, true)
    response.once('close', () => {
      if (connections.has(socket)) connections.set(socket, false)
    })
  })
}

/** The oldest connection without a request; if all have one, the oldest of all. */
function oldest(connections: ReadonlyMap<Socket, boolean>): Socket | undefined {
  for (const [socket, hasRequest] of connections) if (!hasRequest) return socket
  return connections.keys().next().value
}
