import type { Choice } from '../../algorithms/algorithm.ts'
import type { WorkerMetrics } from '../admin/worker-metrics.ts'
import type { BalancerSettings } from '../config/config.ts'
import type { ClientConnection, Exchange } from '../downstream/connection.ts'
import type { BackendSet } from '../health/backend-set.ts'
import type { PassiveHealth } from '../health/passive.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { ResponseHead } from '../http/response-head.ts'
import type { AccessLog } from '../io/access-log.ts'
import type { WriteBuffer } from '../io/write-buffer.ts'
import type { Counters } from '../shared/counters.ts'
import type { UpstreamConnection } from '../upstream/connection.ts'
import type { Dialer } from '../upstream/dialer.ts'
import type { RequestLimiter } from './request-limiter.ts'

/** What the data path of one worker works with. One per worker, made once. */
export interface ProxyContext {
  readonly settings: BalancerSettings
  /** Who the backends are, and who is next. */
  readonly roster: BackendSet
  readonly passive: PassiveHealth
  /** Requests in flight over all workers, by row. */
  readonly inFlight: Int32Array
  readonly counters: Counters
  /** The counters of all workers, this one's among them. */
  readonly columns: readonly Counters[]
  /** The connections of all clients. */
  readonly clients: Set<ClientConnection>
  /** Idle connections to each backend, by row; the one used last is at the end. */
  readonly idle: readonly UpstreamConnection[][]
  /** Where answers are put together before they are written. */
  readonly outbox: WriteBuffer
  /** The heads that are being looked at. */
  readonly request: RequestHead
  readonly response: ResponseHead
  readonly choice: Choice
  /** Takes what is hashed from the request that is looked at; undefined: the client's address is. */
  readonly key: ((address: string) => string) | undefined
  readonly limit: RequestLimiter | undefined
  /** Which worker it is, from 0. */
  readonly worker: number
  readonly metrics: WorkerMetrics | undefined
  readonly log: AccessLog | undefined
  /** Seconds on a monotonic clock that all workers share. */
  readonly now: () => number
  /** The balancer is stopping: answers close their connections. */
  draining: boolean
  /** Reads on in what a client sent, after its request was answered. */
  readonly next: (client: ClientConnection) => void
  /** Has a client's connection go on in HTTP/2. */
  readonly openSession: (client: ClientConnection) => void
  /** Sends a request on a connection that was idle, after a look at whether that still stands. */
  readonly lookFirst: (client: ClientConnection, upstream: UpstreamConnection) => void
  /** Opens ways to backends that are spoken to over TLS, or in HTTP/2. */
  readonly dialer: Dialer
  /** Opens a connection to the request's backend; undefined where that has left. */
  readonly connect: (request: Exchange, fresh: boolean) => UpstreamConnection | undefined
}
