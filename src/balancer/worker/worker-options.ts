import type { Socket } from 'node:net'
import type { BalancerSettings } from '../config/config.ts'
import type { Identity } from '../downstream/tls-identity.ts'
import type { Shared } from './shared-memory.ts'

/** Options that the main thread starts a worker with. */
export interface WorkerOptions {
  readonly settings: BalancerSettings
  readonly shared: Shared
  /** Number of the worker, from 0. */
  readonly worker: number
  /** Certificate and key for TLS to clients. */
  readonly identity?: Identity | undefined
}

/**
 * Messages to a worker: to serve a connection, to go on in a new log file, or to end when nothing is in
 * flight any more.
 */
export type WorkerMessage =
  | { readonly socket: Socket }
  | { readonly reopen: string }
  | { readonly drain: true }

/** Messages of a worker: it is ready, or it ends and returns a connection that it has not accepted. */
export type WorkerReport = 'ready' | { readonly socket: Socket }
