import type { z } from 'zod'
import type { backendSchema, balancerSchema } from './balancer-schema.ts'
import { toError } from './problem.ts'
import { validate } from './validate.ts'

/** The balancer's configuration. Checked before any socket opens. */
export type BalancerConfig = z.input<typeof balancerSchema>

/** One backend in the configuration. */
export type BackendConfig = z.input<typeof backendSchema>

/** The configuration with all defaults. */
export type BalancerSettings = z.output<typeof balancerSchema>

/** A configuration that was checked already, with `checkConfig` of the same build, and has no TLS to clients. */
export interface CheckedConfig {
  readonly checked: BalancerSettings
}

/** The balancer process's reply when every worker is ready. */
export interface BalancerReady {
  readonly port: number
}

/** The settings of a running balancer, and the limits that Node reports for the heap of each worker, in MiB. */
export interface InForce {
  readonly settings: BalancerSettings
  readonly workers: readonly {
    readonly youngGeneration: number | undefined
    readonly oldSpace: number | undefined
  }[]
}

/** Counts since the balancer started, over all workers. */
export interface BalancerCounts {
  /** Requests whose head was valid. Each ends as answered or as aborted. */
  readonly requests: number
  /** Requests with a complete response, of any status. */
  readonly answered: number
  /** Local replies because no backend responded. */
  readonly failed: { readonly 502: number; readonly 503: number; readonly 504: number }
  /** Requests whose client disconnected, or whose response broke off. */
  readonly aborted: number
  /** Requests refused before they reached a backend: malformed, too large, too slow. */
  readonly refused: number
  /** Connections closed because `limits.connections` were open. */
  readonly turnedAway: number
  /** Requests sent again because a backend failed. */
  readonly retried: number
  /** Requests rejected with 429 by the rate limit. */
  readonly limited: number
  /** Requests without the key to hash: distributed by weight. */
  readonly keyless: number
  /** Requests sent to each backend, including retries, by row: in the order of the configuration. */
  readonly perBackend: readonly number[]
  /** Requests in flight to each backend, by row. */
  readonly inFlight: readonly number[]
  /** Requests of each worker. */
  readonly perWorker: readonly number[]
}

/**
 * Checks a configuration, and fills in the defaults. No file of certificates is read, and no socket is opened.
 *
 * @throws UsageError that names the invalid field
 */
export function checkConfig(config: unknown): BalancerSettings {
  const checked = validate(config)
  if ('settings' in checked) return checked.settings
  throw toError(checked.problems)
}
