import { isIP } from 'node:net'
import { plainAddress } from '../../kit/ip-address.ts'

/** A PROXY protocol header. */
export interface ProxyHeader {
  /** Its bytes. */
  readonly length: number
  /** The address of the client; `unknown` for a unix socket; undefined where the sender speaks for itself. */
  readonly address: string | undefined
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const textStart = Buffer.from('PROXY ', 'latin1')
/** Maximum bytes of a header of version 1, with its line end. */
const maxTextBytes = 107
/** Bytes of a header of version 2 before its addresses, and the maximum behind them: senders add certificates and such. */
const fixedBytes = 16
const maxVariableBytes = 4096

const commands = { local: 0, proxy: 1 } as const
const families = { inet: 1, inet6: 2, unix: 3 } as const
const stream = 1

/**
 * Reads a header of the PROXY protocol, version 1 or 2 (haproxy.org/download/3.2/doc/proxy-protocol.txt, sections 2.1
 * and 2.2), at the start of `bytes`. Extensions (TLVs) are skipped.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader | 'partly' | 'malformed' {
  if (startsAs(bytes, signature)) return readBinary(bytes)
  return startsAs(bytes, textStart) ? readText(bytes) : 'malformed'
}

/** Whether `bytes` start with `start`, as far as both go. */
function startsAs(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

/** `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443`, or `PROXY UNKNOWN` and anything. */
function readText(bytes: Buffer): ProxyHeader | 'partly' | 'malformed' {
  const end = bytes.subarray(0, maxTextBytes).indexOf('\r\n')
  if (end < 0) return bytes.length < maxTextBytes ? 'partly' : 'malformed'
  const [, protocol, source = '', ...others] = bytes.toString('latin1', 0, end).split(' ')
  const length = end + 2
  if (protocol === 'UNKNOWN') return { length, address: undefined }
  const [destination = '', ...ports] = others
  const family = protocol === 'TCP4' ? 4 : protocol === 'TCP6' ? 6 : -1
  const valid =
    isIP(source) === family &&
    isIP(destination) === family &&
    ports.length === 2 &&
    ports.every((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535)
  return valid ? { length, address: plainAddress(source) } : 'malformed'
}

function readBinary(bytes: Buffer): ProxyHeader | 'partly' | 'malformed' {
  if (bytes.length <= signature.length) return 'partly'
  const versionAndCommand = bytes[12] as number
  const command = versionAndCommand & 0xf
  if (versionAndCommand >> 4 !== 2 || command > commands.proxy) return 'malformed'
  if (bytes.length < fixedBytes) return 'partly'
  const variable = bytes.readUInt16BE(14)
  if (variable > maxVariableBytes) return 'malformed'
  const length = fixedBytes + variable
  if (bytes.length < length) return 'partly'
  if (command === commands.local) return { length, address: undefined }
  return readAddress(bytes[13] as number, bytes.subarray(fixedBytes, length), length)
}

/** Families and transports that the balancer does not know stand for no address: section 2.2. */
function readAddress(
  familyAndTransport: number,
  addresses: Buffer,
  length: number,
): ProxyHeader | 'malformed' {
  const family = familyAndTransport >> 4
  if ((familyAndTransport & 0xf) !== stream) return { length, address: undefined }
  if (family === families.inet) {
    if (addresses.length < 12) return 'malformed'
    return { length, address: addresses.subarray(0, 4).join('.') }
  }
  if (family === families.inet6) {
    if (addresses.length < 36) return 'malformed'
    return { length, address: plainAddress(ipv6Text(addresses)) }
  }
  if (family !== families.unix) return { length, address: undefined }
  return addresses.length < 216 ? 'malformed' : { length, address: 'unknown' }
}

function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(2 * group).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
