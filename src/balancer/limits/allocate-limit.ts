import type { RequestLimitSettings } from '../config/request-limit-settings.ts'
import { type RateLimiterMemory, rateLimiterMemory } from './rate-limiter.ts'

/**
 * Memory for the limit.
 *
 * @throws UsageError where it is for too many clients
 */
export function allocateLimit({ clients }: RequestLimitSettings): RateLimiterMemory {
  // Not the seed of the configuration: whoever knew it could make keys that collide.
  const random = () => (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32
  return rateLimiterMemory({ keys: Math.max(clients, 64), random })
}
