import { isIP } from 'node:net'

/** Groups of 16 bits in an IPv6 address. */
const groupCount = 8
const groupBits = 16

/**
 * An IP address in the form by which addresses are compared: an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) as
 * IPv4, others without a zone (RFC 4007). A text that is no address is returned unchanged.
 */
export function plainAddress(text: string): string {
  if (!text.includes(':')) return text
  const zone = text.indexOf('%')
  const address = zone < 0 ? text : text.slice(0, zone)
  if (isIP(address) !== 6) return text
  const groups = ipv6Groups(address)
  const isMapped = groups.every((group, index) => index > 5 || group === (index === 5 ? 0xffff : 0))
  if (!isMapped) return address
  return groups
    .slice(-2)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.')
}

/**
 * The network of an address, for rules that are about clients: an IPv6 client has all addresses of its network (a /64
 * as a rule: RFC 6177), an IPv4 client has one. Texts that are no IPv6 address are returned by `plainAddress`.
 *
 * @param prefix bits of an IPv6 address that name the network, 1 to 128
 */
export function clientNetwork(text: string, prefix: number): string {
  const address = plainAddress(text)
  if (!address.includes(':') || isIP(address) !== 6) return address
  const groups = ipv6Groups(address).map((group, index) => {
    const bits = Math.min(Math.max(prefix - index * groupBits, 0), groupBits)
    return group & (0xffff << (groupBits - bits))
  })
  return `${groups.map((group) => group.toString(16)).join(':')}/${prefix}`
}

/** The eight groups of 16 bits of a valid IPv6 address. */
export function ipv6Groups(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const before = groupsIn(head)
  const after = groupsIn(tail ?? '')
  const zeros = Array.from({ length: groupCount - before.length - after.length }, () => 0)
  return [...before, ...zeros, ...after]
}

/** The groups of a part without `::`; the last two may be written as IPv4. */
function groupsIn(part: string): number[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [(a << 8) | b, (c << 8) | d]
  })
}
