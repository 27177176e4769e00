import { isIP } from 'node:net'
import { field } from '../../http/field.ts'
import { plainAddress } from '../../kit/ip-address.ts'
import { type Head, listOf, membersOf } from './head.ts'

/**
 * The address of the client for which trusted proxies forwarded a request: the right-most address of X-Forwarded-For,
 * or without it of Forwarded (RFC 7239), that is no trusted proxy itself. Each proxy vouches only for the address that
 * it has appended, so nothing left of an untrusted or unreadable entry counts.
 *
 * @param peer the trusted proxy that sent the request
 */
export function forwardedClient(
  head: Head,
  peer: string,
  isTrusted: (address: string) => boolean,
): string {
  const list = listOf(head, field.forwardedFor)
  const entries = membersOf(list === '' ? listOf(head, field.forwarded) : list)
  let client = peer
  for (const entry of entries.toReversed()) {
    const address = addressIn(list === '' ? forIn(entry) : entry)
    if (address === undefined) return client
    client = address
    if (!isTrusted(address)) return client
  }
  return client
}

/** The node of the `for` parameter of one element of Forwarded; '' without one. */
function forIn(element: string): string {
  const [, node = ''] = /(?:^|;)[ \t]{0,8}for=("[^"]*"|[^;"]*)/i.exec(element) ?? []
  return node.replaceAll('"', '')
}

/** The address in a node such as `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`. */
function addressIn(node: string): string | undefined {
  const bracketed = /^\[([^\]]*)\](?::\w*)?$/.exec(node)?.[1]
  const address = bracketed ?? (isIP(node) === 0 ? node.replace(/:\w*$/, '') : node)
  return isIP(address) === 0 ? undefined : plainAddress(address)
}
