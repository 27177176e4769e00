import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'

/** Maximum number of connections: few clients, short requests. */
const maxConnections = 64

/** Maximum number of requests of a connection whose responses are not complete. No client of the admin port needs two. */
const maxPipelined = 4

/**
 * Limits the connections of the admin port. A new connection beyond the limit closes the oldest one that is idle or
 * whose request is incomplete, so that clients that hold connections do not keep others out. A connection with too many
 * requests at once is closed: their work is done in the thread that accepts connections for the balancer.
 *
 * @param serve called with each request within the limits
 */
export function limitConnections(server: Server, serve: RequestListener): void {
  /** In the order of their start; the value: the number of requests that were received whose responses are not complete. */
  const connections = new Map<Socket, number>()
  const close = (socket: Socket | undefined) => {
    if (socket === undefined) return
    connections.delete(socket)
    socket.destroy()
  }
  server.on('connection', (socket) => {
    if (connections.size >= maxConnections) close(oldest(connections))
    connections.set(socket, 0)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', (request, response) => {
    const { socket } = request
    const open = connections.get(socket)
    // It was closed before the parser came to this request.
    if (open === undefined) return
    if (open >= maxPipelined) {
      close(socket)
      return
    }
    connections.set(socket, open + 1)
    response.once('close', () => {
      const left = connections.get(socket)
      if (left !== undefined) connections.set(socket, left - 1)
    })
    serve(request, response)
  })
}

/** The oldest connection without a request; if all have one, the oldest of all. */
function oldest(connections: ReadonlyMap<Socket, number>): Socket | undefined {
  for (const [socket, requests] of connections) if (requests === 0) return socket
  return connections.keys().next().value
}
