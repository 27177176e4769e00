import { once } from 'node:events'
import { createServer } from 'node:net'

/** Ports below Linux's default range of ephemeral ports: ip(7), ip_local_port_range. */
const [first, last] = [20_000, 32_000]
let next = first + Math.floor(Math.random() * (last - first))

/**
 * A free port outside the range of ephemeral ports. The kernel gives it to no outgoing connection while its server is down, which would
 * keep the server from starting again, or could connect a client to itself.
 */
export async function fixedPort(): Promise<number> {
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
