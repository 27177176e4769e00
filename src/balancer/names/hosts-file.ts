import { readFileSync } from 'node:fs'
import { isIP, SocketAddress } from 'node:net'

/** Addresses by name, in lower case, as the hosts file at `path` has them: hosts(5). None where it cannot be read. */
export function readHosts(path: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of textOf(path).split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    const family = isIP(address)
    if (family === 0) continue
    const normal = normalized(address, family === 4 ? 'ipv4' : 'ipv6')
    for (const name of names) {
      const known = hosts.get(name.toLowerCase())
      if (known === undefined) hosts.set(name.toLowerCase(), [normal])
      else if (!known.includes(normal)) known.push(normal)
    }
  }
  return hosts
}

/** The address as a socket reports it: `::1` for `0:0:0:0:0:0:0:1`. */
function normalized(address: string, family: 'ipv4' | 'ipv6'): string {
  return new SocketAddress({ address, family }).address
}

/** The text of a file of the system; '' where there is none. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
