import { isIP } from 'node:net'
import { ipv6Groups } from '../../kit/ip-address.ts'

/** Both ends of a client's connection, for the PROXY protocol. */
export interface ProxyEndpoints {
  readonly address: string
  /** 0 where it is not known. */
  readonly port: number
  readonly localAddress: string
  readonly localPort: number
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const local = 0x20
const proxy = 0x21
const tcpOverIpv4 = 0x11
const tcpOverIpv6 = 0x21

/**
 * A header of the PROXY protocol for the connection of a client; without `client`, or where it has no address, one for
 * a connection of the sender itself: `PROXY UNKNOWN`, or LOCAL (proxy-protocol.txt, sections 2.1 and 2.2).
 */
export function proxyHeader(version: 'v1' | 'v2', client?: ProxyEndpoints): Buffer {
  const ends = client && sameFamily(client)
  if (version === 'v1') {
    if (ends === undefined) return Buffer.from('PROXY UNKNOWN\r\n')
    const { family, address, localAddress, port, localPort } = ends
    return Buffer.from(`PROXY TCP${family} ${address} ${localAddress} ${port} ${localPort}\r\n`)
  }
  if (ends === undefined) return Buffer.concat([signature, Buffer.from([local, 0, 0, 0])])
  const { family, address, localAddress, port, localPort } = ends
  const bytesOf = family === 4 ? ipv4Bytes : ipv6Bytes
  const variable = Buffer.concat([bytesOf(address), bytesOf(localAddress), Buffer.alloc(4)])
  variable.writeUInt16BE(port, variable.length - 4)
  variable.writeUInt16BE(localPort, variable.length - 2)
  const kind = family === 4 ? tcpOverIpv4 : tcpOverIpv6
  return Buffer.concat([signature, Buffer.from([proxy, kind, 0, variable.length]), variable])
}

/** Both addresses in one family: IPv4 ones as IPv4-mapped where the other is IPv6. Undefined where one is no address. */
function sameFamily(ends: ProxyEndpoints): (ProxyEndpoints & { family: 4 | 6 }) | undefined {
  const families = [isIP(ends.address), isIP(ends.localAddress)]
  if (families.includes(0)) return undefined
  if (!families.includes(6)) return { ...ends, family: 4 }
  const asIpv6 = (address: string) => (isIP(address) === 4 ? `::ffff:${address}` : address)
  return {
    ...ends,
    family: 6,
    address: asIpv6(ends.address),
    localAddress: asIpv6(ends.localAddress),
  }
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

function ipv6Bytes(address: string): Buffer {
  const bytes = Buffer.alloc(16)
  for (const [index, group] of ipv6Groups(address).entries()) bytes.writeUInt16BE(group, 2 * index)
  return bytes
}
