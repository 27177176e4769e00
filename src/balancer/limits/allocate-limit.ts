import type { RequestLimitSettings } from '../config/request-limit-settings.ts'
import { type RateLimiterMemory, rateLimiterMemory } from './rate-limiter.ts'

/**
 * Allocates the memory of the rate limit.
 *
 * @throws UsageError when `clients` is too large
 */
export function allocateLimit({ clients, shards }: RequestLimitSettings): RateLimiterMemory {
  // Not the seed of the configuration: a client that knows it could choose keys that collide.
  const random = () => (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32
  return rateLimiterMemory({ shards, keys: Math.max(clients, shards), random })
}
