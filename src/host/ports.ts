import { join } from 'node:path'
import { readTextOrEmpty } from './cgroup.ts'
import { type Fact, parsedFact } from './fact.ts'

/** Local TCP ports that the kernel may choose for outgoing connections to one address and port. */
export interface EphemeralPorts {
  readonly first: number
  readonly last: number
  /** Ports in the range that are not reserved. */
  readonly count: number
}

/** The range without the reserved ports. ip(7): ip_local_port_range, ip_local_reserved_ports. */
export function ephemeralPortsFact(root = '/'): Fact<EphemeralPorts> {
  const reserved = readTextOrEmpty(join(root, 'proc/sys/net/ipv4/ip_local_reserved_ports')).trim()
  return parsedFact(root, 'proc/sys/net/ipv4/ip_local_port_range', (text) => {
    const [first, last] = text.split(/\s+/).map(Number)
    if (!first || !last || last < first) return undefined
    const lost = rangesIn(reserved).map(
      ([from, to]) => Math.min(to, last) - Math.max(from, first) + 1,
    )
    const count = lost.reduce((left, n) => left - Math.max(0, n), last - first + 1)
    return { first, last, count }
  })
}

/** `8080,9000-9010` → [8080, 8080], [9000, 9010]. */
function rangesIn(text: string): (readonly [number, number])[] {
  return text
    .split(',')
    .filter((range) => /^\d+(-\d+)?$/.test(range))
    .map((range) => {
      const [from = 0, to = from] = range.split('-').map(Number)
      return [from, to] as const
    })
}
