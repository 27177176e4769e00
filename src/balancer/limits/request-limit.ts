import type { RequestLimitSettings } from '../config/request-limit-settings.ts'
import { type RateLimiterMemory, rateLimiter } from './rate-limiter.ts'

/** The limit of requests, as one worker sees it. */
export interface RequestLimit {
  /** Whether one more request of `key` may pass. `now` is in seconds on the shared clock. */
  admits(key: string, now: number): boolean
  /** The fields that tell the client which was just turned away when to come back. */
  headerFields(): string
}

/**
 * The limit for worker number `worker`. Its fields are those of draft-ietf-httpapi-ratelimit-headers-10:
 * quota `q` in a window of `w` seconds, `r` of it left, and a new request after `t` seconds; and
 * Retry-After (RFC 9110, section 10.2.3) for clients that do not know them.
 */
export function requestLimit(
  { rate, burst = Math.max(1, rate) }: RequestLimitSettings,
  memory: RateLimiterMemory,
  worker: number,
): RequestLimit {
  const limiter = rateLimiter(memory, worker)
  const window = Math.max(1, Math.ceil(burst / rate))
  const quota = Math.floor(Math.max(burst, rate * window))
  const policy = `RateLimit-Policy: "default";q=${quota};w=${window}\r\n`
  return {
    admits: (key, now) => limiter.tryTake(key, rate, burst, now),
    headerFields() {
      const wait = Math.max(1, Math.ceil(limiter.retryAfter()))
      return `Retry-After: ${wait}\r\n${policy}RateLimit: "default";r=0;t=${wait}\r\n`
    },
  }
}
