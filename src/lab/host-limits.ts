import { openFilesLimit } from '../host/open-files.ts'
import { ephemeralPortsFact } from '../host/ports.ts'
import { UsageError } from '../kit/errors.ts'

/** Limits of this host for one process; Infinity where none is known. */
export interface HostLimits {
  /** Files that a process may have open (RLIMIT_NOFILE). */
  readonly openFiles: number
  /** Ports that the kernel may choose for outgoing connections to one address and port. ip(7). */
  readonly ephemeralPorts: number
}

/** Files that a process needs in addition to its connections: libraries, pipes, epoll, listening sockets. */
const otherFiles = 100

/** Reads the limits of this process, which its children inherit. */
export function hostLimits(root = '/'): HostLimits {
  const ports = ephemeralPortsFact(root)
  return {
    openFiles: openFilesLimit(root),
    ephemeralPorts: 'why' in ports ? Number.POSITIVE_INFINITY : ports.value.count,
  }
}

/** Files that a balancer with so many connections of clients needs: for each it may have one to a backend. */
export function filesFor(connections: number): number {
  return 2 * connections + otherFiles
}

/**
 * Requests in flight of the open loop that are enough for a stall of half a second at 2,000 requests per second. With
 * the closed loop's number of connections, a stall of a few milliseconds would already drop requests.
 */
export const openLoopInFlight = 1000

/**
 * Maximum number of requests in flight of the open loop, beyond which it drops requests: 1,000, or as many as the limits
 * of this host allow, or `connections` if that is more.
 */
export function maxInFlight(connections: number, limits: HostLimits): number {
  return Math.max(connections, Math.min(openLoopInFlight, maxConnections(limits)))
}

/** Connections that one process can hold twice, once on each side of a balancer. */
function maxConnections({ openFiles, ephemeralPorts }: HostLimits): number {
  return Math.min(Math.floor((openFiles - otherFiles) / 2), ephemeralPorts)
}

/**
 * Checks, before anything starts, that so many connections are possible at once. The balancer needs the most files:
 * for each client connection it may have one to a backend.
 *
 * @throws {UsageError} names the limit and the required value
 */
export function checkHostLimits(
  connections: number,
  { openFiles, ephemeralPorts }: HostLimits,
): void {
  const files = filesFor(connections)
  if (files > openFiles) {
    throw new UsageError(
      `${connections} connections need ${files} open files in one process, and the limit is ${openFiles}`,
      connectionsRemedy(files, Math.floor((openFiles - otherFiles) / 2)),
    )
  }
  if (connections > ephemeralPorts) {
    throw new UsageError(
      `${connections} connections need as many ports, and net.ipv4.ip_local_port_range has ${ephemeralPorts}`,
      `Widen it, for example "sysctl net.ipv4.ip_local_port_range='1024 65535'", or use fewer connections.`,
    )
  }
}

function connectionsRemedy(files: number, most: number): string {
  const raise = `run "ulimit -n ${files}" first`
  return most > 0 ? `${raise}, or use --connections ${most}` : raise
}
