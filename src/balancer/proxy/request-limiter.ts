import { hashKey } from '../../algorithms/parts/key.ts'
import type { RequestHead } from '../http/request-head.ts'
import { requestLimit } from '../limits/request-limit.ts'
import type { WorkerOptions } from '../worker/start-proxy.ts'
import { keyReader } from './request-key.ts'

/** The limit of requests, by what each request says of itself. */
export interface RequestLimiter {
  /** Whether the request whose head was read last may pass. */
  admits(address: string, now: number): boolean
  headerFields(): string
}

/** The limit that a worker's order asks for; undefined where it asks for none. */
export function requestLimiter(
  { settings, shared, worker }: WorkerOptions,
  request: RequestHead,
): RequestLimiter | undefined {
  const { rateLimit } = settings
  if (rateLimit === undefined || shared.limit === undefined) return undefined
  const limit = requestLimit(rateLimit, shared.limit, worker)
  const key = hashKey(rateLimit.key, 'rateLimit.key')
  const read = keyReader(request)
  return {
    admits: (address, now) => limit.admits(read(key, address) || address, now),
    headerFields: limit.headerFields,
  }
}
