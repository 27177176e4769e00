import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createConnection, createServer } from 'node:net'

/** Where everything that `lb` starts listens. */
export const loopback = '127.0.0.1'

/**
 * A port that nobody uses, chosen by the kernel, for programs that must be told theirs. Between here and
 * the program's start another process could take it; the program then fails to start, and says so.
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, loopback)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Whether something accepts connections on a port of this host. */
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
