import { hashKey } from '../../algorithms/parts/key.ts'
import { clientNetwork } from '../../kit/ip-address.ts'
import type { RequestLimitSettings } from '../config/request-limit-settings.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { RequestLimit } from '../limits/request-limit.ts'
import { keyReader } from './request-key.ts'

/** The limit of the request rate, by a key that is read from each request. */
export interface RequestLimiter {
  /** Whether the request whose head was read last may pass. `now` is in seconds. */
  admits(address: string, now: number): boolean
  /** Field lines for the client that was rejected last: when it may send the next request. */
  headerFields(): string
}

/** Applies `limit` to requests by the key that `key` describes; a client's address stands for its network. */
export function requestLimiter(
  limit: RequestLimit,
  { key, ipv6Prefix }: Pick<RequestLimitSettings, 'key' | 'ipv6Prefix'>,
  request: RequestHead,
): RequestLimiter {
  const keyOf = hashKey(key, 'rateLimit.key')
  const read = keyReader(request)
  return {
    admits(address, now) {
      const network = clientNetwork(address, ipv6Prefix)
      return limit.admits(read(keyOf, network) || network, now)
    },
    headerFields: limit.headerFields,
  }
}
