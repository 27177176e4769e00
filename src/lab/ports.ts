import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createConnection, createServer, isIPv6 } from 'node:net'

/** The address on which every process that `lb` starts listens. */
export const loopback = '127.0.0.1'

/**
 * A free port, chosen by the kernel, for programs that must be given theirs. Until the program starts, another
 * process could take the port; the program then fails to start, and its log says why.
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, loopback)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The URL of a server at a port: of a process that `lb` started on this host, unless it has another address. */
export function urlOf(port: number, address: string = loopback): URL {
  return new URL(`http://${isIPv6(address) ? `[${address}]` : address}:${port}/`)
}

/** Whether a port of this host accepts connections. */
export async function acceptsConnections(port: number): Promise<boolean> {
  const socket = createConnection({ host: loopback, port })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
