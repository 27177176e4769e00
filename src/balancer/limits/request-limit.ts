import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { type RateLimiterMemory, rateLimiter, rateLimiterMemory } from './rate-limiter.ts'

/** How many requests whoever a key stands for may make. */
export const requestLimitSettings = z.strictObject({
  /** Requests a second in the long run. */
  rate: z.number().positive(),
  /** Requests at once; left out: as many as in one second. */
  burst: z.number().min(1).optional(),
  /** What tells clients apart: as the balancer's own `key`. Who lacks it is told by the address. */
  key: z.string().default('client-ip'),
  /** Clients that are told apart. */
  clients: z.int().positive().default(65_536),
})
export type RequestLimitSettings = z.output<typeof requestLimitSettings>

/** The limit of requests, as one worker sees it. */
export interface RequestLimit {
  /** Whether one more request of `key` may pass. `now` is in seconds on the shared clock. */
  admits(key: string, now: number): boolean
  /** The fields that tell the client which was just turned away when to come back. */
  fields(): string
}

/**
 * Memory for the limit.
 *
 * @throws UsageError where it is for too many clients
 */
export function allocateLimit({ clients }: RequestLimitSettings): RateLimiterMemory {
  // Not the seed of the configuration: whoever knew it could make keys that collide.
  const random = () => randomInt(2 ** 32) / 2 ** 32
  return rateLimiterMemory({ keys: Math.max(clients, 64), random })
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
    fields() {
      const wait = Math.max(1, Math.ceil(limiter.retryAfter()))
      return `Retry-After: ${wait}\r\n${policy}RateLimit: "default";r=0;t=${wait}\r\n`
    },
  }
}
