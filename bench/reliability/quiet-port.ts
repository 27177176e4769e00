import { once } from 'node:events'
import { createServer } from 'node:net'

/** Ports below those that Linux gives to connections unless told otherwise: ip(7), ip_local_port_range. */
const [first, last] = [20_000, 32_000]
let next = first + Math.floor(Math.random() * (last - first))

/**
 * A port on which nobody listens, and that no connection is given while its server is dead: it could not start
 * again there, and a connection to it could come to be one with itself.
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = next++
    if (next > last) next = first
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
