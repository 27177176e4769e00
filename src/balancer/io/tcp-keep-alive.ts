import type { Socket } from 'node:net'

/** Milliseconds without traffic until the kernel probes a peer, and between probes; so many may be lost. */
const idleMs = 60_000
const intervalMs = 15_000
const probes = 4

/**
 * Has the kernel probe the peer of a silent connection, so that one that vanished without a FIN (power, NAT)
 * is found out after two minutes: RFC 9293, section 3.8.4. The default of most systems is two hours. Nothing where `wanted`
 * (setting `tcpKeepAlive`) is false.
 */
export function enableTcpKeepAlive(socket: Socket, wanted: boolean): void {
  if (wanted) socket.setKeepAlive(true, idleMs, intervalMs, probes)
}
