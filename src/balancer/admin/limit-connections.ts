import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { SerialConnection } from './serial-connection.ts'

/** Maximum number of connections: few clients, short requests. */
const maxConnections = 64

/**
 * Limits the connections of the admin port. A new connection beyond the limit closes the oldest one that is idle or
 * whose request is incomplete, so that clients that hold connections do not keep others out. Requests of a connection are
 * served one after the other, however many come at once: their work is done in the thread that accepts connections for the balancer.
 *
 * @param serve called with each request
 */
export function limitConnections(server: Server, serve: RequestListener): void {
  /** In the order of their start; the value: whether a request is being served. */
  const connections = new Map<SerialConnection, boolean>()
  // Node's own, which may be called with any duplex stream.
  const begin = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (connections.size >= maxConnections) close(oldest(connections))
    const connection = new SerialConnection(socket)
    connections.set(connection, false)
    connection.once('close', () => connections.delete(connection))
    for (const listener of begin) listener.call(server, connection as Duplex as Socket)
  })
  server.on('request', (request, response) => {
    const connection = request.socket as object as SerialConnection
    const mark = (serving: boolean) => {
      if (connections.has(connection)) connections.set(connection, serving)
    }
    mark(true)
    response.once('close', () => {
      mark(false)
      connection.next()
    })
    serve(request, response)
  })

  function close(connection: SerialConnection | undefined): void {
    if (connection === undefined) return
    connections.delete(connection)
    connection.destroy()
  }
}

/** The oldest connection without a request; if all have one, the oldest of all. */
function oldest(connections: ReadonlyMap<SerialConnection, boolean>): SerialConnection | undefined {
  for (const [connection, serving] of connections) if (!serving) return connection
  return connections.keys().next().value
}
