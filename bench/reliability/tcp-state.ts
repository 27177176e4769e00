import { readFileSync } from 'node:fs'

const established = '01'

/** A loopback address and port as in /proc/net/tcp: proc(5), tcp(7). */
function hex(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
}

/**
 * Whether the connection between two ports of 127.0.0.1 is established, according to the kernel: its peer has not closed it. Reads no
 * byte of it. Slow where the network namespace has thousands of sockets.
 */
export function isEstablished(localPort: number, remotePort: number): boolean {
  const table = readFileSync('/proc/self/net/tcp', 'latin1')
  return table.includes(` ${hex(localPort)} ${hex(remotePort)} ${established} `)
}
