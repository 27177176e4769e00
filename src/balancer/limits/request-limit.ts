import type { RequestLimitSettings } from '../config/request-limit-settings.ts'
import { type RateLimiterMemory, rateLimiter } from './rate-limiter.ts'

/** The rate limit of requests, for one worker. */
export interface RequestLimit {
  /** Whether one more request of `key` is within the limit. `now` is in seconds of the shared clock. */
  admits(key: string, now: number): boolean
  /** Header fields for the 429 response to the request that was just rejected. */
  headerFields(): string
}

/**
 * The limit for worker number `worker`. The header fields are those of draft-ietf-httpapi-ratelimit-headers-10:
 * a quota of `q` requests in a window of `w` seconds, `r` of them remaining, the next after `t` seconds; and
 * Retry-After (RFC 9110, section 10.2.3) for clients that do not know these.
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
