import { join } from 'node:path'
import { readTextOrEmpty } from '../host/cgroup.ts'
import { openFilesLimit } from '../host/open-files.ts'
import { UsageError } from '../kit/errors.ts'

/** What this host allows a process; Infinity where it does not say. */
export interface HostLimits {
  /** Files that a process may have open. */
  readonly openFiles: number
  /** Ports that the kernel may choose for outgoing connections to one address and port. ip(7). */
  readonly ephemeralPorts: number
}

/** Files that a process needs besides its connections: libraries, pipes, polls, listening sockets. */
const besides = 100

/** Reads the limits that this process hands on to those that it starts. */
export function hostLimits(root = '/'): HostLimits {
  const range = readTextOrEmpty(join(root, 'proc/sys/net/ipv4/ip_local_port_range'))
  const [first, last] = range.split(/\s+/).map(Number)
  return {
    openFiles: openFilesLimit(root),
    ephemeralPorts: last && first ? last - first + 1 : Number.POSITIVE_INFINITY,
  }
}

/**
 * Checks, before anything starts, that so many connections are possible at once. The balancer needs most:
 * each connection of a client may have another one to a backend beside it.
 *
 * @throws {UsageError} that names the limit and what is needed
 */
export function checkHostLimits(
  connections: number,
  { openFiles, ephemeralPorts }: HostLimits,
): void {
  const files = 2 * connections + besides
  if (files > openFiles) {
    throw new UsageError(
      `${connections} connections need ${files} open files in one process, and the limit is ${openFiles}`,
      `Run "ulimit -n ${files}" first, or ask for at most ${Math.max(0, Math.floor((openFiles - besides) / 2))} connections.`,
    )
  }
  if (connections > ephemeralPorts) {
    throw new UsageError(
      `${connections} connections need as many ports, and net.ipv4.ip_local_port_range has ${ephemeralPorts}`,
      `Widen it, for example "sysctl net.ipv4.ip_local_port_range='1024 65535'", or ask for fewer connections.`,
    )
  }
}
