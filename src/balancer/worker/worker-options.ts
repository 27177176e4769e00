import type { Socket } from 'node:net'
import type { Profile } from '../../profile/profile.ts'
import type { BalancerSettings } from '../config/config.ts'
import type { Identity } from '../config/tls-identity.ts'
import type { Shared } from './shared-memory.ts'

/** Options that the main thread starts a worker with. */
export interface WorkerOptions {
  /** Version of the settings and their memory. Certificates may change without it. */
  readonly version: number
  readonly settings: BalancerSettings
  readonly shared: Shared
  /** Number of the worker, from 0. */
  readonly worker: number
  /** Certificate and key for TLS to clients. */
  readonly identity?: Identity | undefined
}

/**
 * Messages to a worker: to serve a connection, to go on in a new log file, to apply a configuration, to watch its
 * asynchronous work for a profile, to end when nothing is in flight any more, or, while it drains, to cut what is still in
 * flight.
 */
export type WorkerMessage =
  | { readonly socket: Socket }
  | { readonly reopen: string }
  | { readonly apply: WorkerOptions }
  | { readonly activity: 'start' | 'stop' }
  | { readonly drain: true }
  | { readonly cut: true }

/**
 * Messages of a worker: it is ready; it has applied a configuration; no request uses a version of the settings any
 * more; a profile of its asynchronous work; or it ends and returns a connection that it has not accepted.
 */
export type WorkerReport =
  | 'ready'
  | 'applied'
  | { readonly retired: number }
  | { readonly activity: Profile }
  | { readonly socket: Socket }
