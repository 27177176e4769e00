import { BlockList, isIP } from 'node:net'
import { plainAddress } from './ip-address.ts'

/** A set of networks. */
export interface Networks {
  /** Whether an address is in one of them; `unix` where the set names the peers of unix sockets. */
  has(address: string): boolean
}

const families = { 4: 'ipv4', 6: 'ipv6' } as const
const addressBits = { 4: 32, 6: 128 } as const

/** Splits `address` or `address/prefix`; undefined where it is neither. */
function parseNetwork(
  text: string,
): { readonly address: string; readonly family: 4 | 6; readonly prefix: number } | undefined {
  const [address = '', digits, ...others] = text.split('/')
  const family = isIP(address)
  if ((family !== 4 && family !== 6) || others.length > 0 || address.includes('%')) return undefined
  const prefix = digits === undefined ? addressBits[family] : Number(digits)
  const valid = digits === undefined || (/^\d{1,3}$/.test(digits) && prefix <= addressBits[family])
  return valid ? { address, family, prefix } : undefined
}

/** Whether `text` is `address`, `address/prefix` (RFC 4632, section 3.1; RFC 4291, section 2.3) or `unix`. */
export function isNetwork(text: string): boolean {
  return text === 'unix' || parseNetwork(text) !== undefined
}

/** The set of these networks. Texts that are no network are ignored: see `isNetwork`. */
export function networks(texts: readonly string[]): Networks {
  const list = new BlockList()
  for (const text of texts) {
    const network = parseNetwork(text)
    if (network === undefined) continue
    list.addSubnet(network.address, network.prefix, families[network.family])
  }
  const unix = texts.includes('unix')
  return {
    has(text) {
      const address = plainAddress(text)
      const family = isIP(address)
      if (family !== 4 && family !== 6) return unix && address === 'unix'
      return list.check(address, families[family])
    },
  }
}
