import type { z } from 'zod'
import { hashKey } from '../../algorithms/parts/key.ts'
import { UsageError } from '../../kit/errors.ts'
import { algorithmSettings } from './algorithm-settings.ts'
import { backendAddress } from './backend-address.ts'
import { type backendSchema, balancerSchema } from './balancer-schema.ts'

/** What the balancer process is told when it is started. Checked before any socket opens. */
export type BalancerConfig = z.input<typeof balancerSchema>

/** One backend in the configuration. */
export type BackendConfig = z.input<typeof backendSchema>

/** The configuration with every default filled in. */
export type BalancerSettings = z.output<typeof balancerSchema>

/** What the balancer says once every worker listens. */
export interface BalancerReady {
  readonly port: number
}

/** What the balancer counted since its start, over all workers. */
export interface BalancerCounts {
  /** Requests whose head was read and understood. Each ends as answered or as aborted. */
  readonly requests: number
  /** Requests answered in full, by any status. */
  readonly answered: number
  /** Answers that the balancer made itself, because no backend could. */
  readonly failed: { readonly 502: number; readonly 503: number; readonly 504: number }
  /** Requests whose client went away, or whose answer broke off, before it was complete. */
  readonly aborted: number
  /** What clients sent that was refused as it stood: malformed, too large, too slow. */
  readonly refused: number
  /** Requests that were sent once more, because a backend failed them. */
  readonly retried: number
  /** Requests answered with 429, because their client had too many. */
  readonly limited: number
  /** Requests without the key that is to be hashed: sent round by weight. */
  readonly keyless: number
  /** Requests sent to each backend, retries included, in configuration order; then those added since. */
  readonly perBackend: readonly number[]
  /** Requests in flight to each backend now. */
  readonly inFlight: readonly number[]
  /** Requests each worker took: shows how evenly connections were spread. */
  readonly perWorker: readonly number[]
}

/**
 * Fills in the defaults and checks everything that can be checked before a socket opens.
 *
 * @throws UsageError that names the field.
 */
export function checkConfig(config: unknown): BalancerSettings {
  const parsed = balancerSchema.safeParse(config)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = issue?.path.join('.') || 'the whole'
    throw new UsageError(
      `balancer configuration: ${field}: ${issue?.message ?? 'is not valid'}`,
      `correct ${field}`,
    )
  }
  const settings = parsed.data
  algorithmSettings(settings)
  hashKey(settings.key)
  hashKey(settings.rateLimit?.key ?? settings.key, 'rateLimit.key')
  checkBackends(settings)
  return settings
}

function checkBackends({ backends }: BalancerSettings): void {
  const seen = new Set<string>()
  for (const [index, { url }] of backends.entries()) {
    const { id } = backendAddress(url, `backends.${index}.url`)
    if (seen.has(id)) {
      throw new UsageError(
        `balancer configuration: backends.${index}.url: ${id} is there twice`,
        'name each backend once; give it more weight to send it more',
      )
    }
    seen.add(id)
  }
  if (backends.every(({ weight }) => weight === 0)) {
    throw new UsageError(
      'balancer configuration: backends: every weight is 0',
      'give at least one backend a weight of 1 or more',
    )
  }
}
