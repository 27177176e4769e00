import { hashKey } from '../../algorithms/parts/key.ts'
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

/** Applies `limit` to requests by the key that `key` describes. */
export function requestLimiter(
  limit: RequestLimit,
  key: string,
  request: RequestHead,
): RequestLimiter {
  const keyOf = hashKey(key, 'rateLimit.key')
  const read = keyReader(request)
  return {
    admits: (address, now) => limit.admits(read(keyOf, address) || address, now),
    headerFields: limit.headerFields,
  }
}
