import type { Choice } from '../../algorithms/algorithm.ts'
import type { WorkerMetrics } from '../admin/worker-metrics.ts'
import type { DownstreamContext } from '../downstream/connection.ts'
import type { BackendSet } from '../health/backend-set.ts'
import type { FailureNotes } from '../health/failure-notes.ts'
import type { PassiveHealth } from '../health/passive.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { ResponseHead } from '../http/response-head.ts'
import type { AccessLog } from '../io/access-log.ts'
import type { WriteBuffer } from '../io/write-buffer.ts'
import type { NotePause } from '../observe/pause-ring.ts'
import type { AddSteps } from '../observe/step-memory.ts'
import type { Counters } from '../shared/counters.ts'
import type { Pool } from '../upstream/pool.ts'
import type { RequestLimiter } from './request-limiter.ts'

/** Settings, memory and collaborators of the data path. One per worker. */
export interface ProxyContext<User> extends DownstreamContext<User> {
  readonly balancing: {
    /** The backends, and the picker: both may be replaced, so they are read from here each time. */
    readonly backends: BackendSet
    readonly passive: PassiveHealth
    readonly notes: FailureNotes
    /** Requests in flight over all workers, by row. */
    readonly inFlight: Int32Array
    /** Scratch: the argument of a pick. */
    readonly choice: Choice
  }
  readonly pool: Pool<User>
  /**
   * Memory that is used within one turn of the event loop only, so that it serves all connections: the heads
   * that were read last, and the buffer in which a message is assembled.
   */
  readonly scratch: {
    readonly requestHead: RequestHead
    readonly responseHead: ResponseHead
    readonly buffer: WriteBuffer
  }
  readonly limits: {
    /** Reads the hash key from `scratch.requestHead`; undefined: the key is the client's address. */
    readonly key: ((address: string) => string) | undefined
    readonly limiter: RequestLimiter | undefined
  }
  readonly observe: {
    /** Number of the worker, from 0. */
    readonly worker: number
    readonly counters: Counters
    /** The connections of the worker's slot: `slotCount`. */
    readonly slot: Counters
    /** The counters of all workers, including this one's. */
    readonly columns: readonly Counters[]
    readonly metrics: WorkerMetrics | undefined
    readonly log: AccessLog | undefined
    /** Notes retries and slow connects, where pauses are noted. */
    readonly notePause: NotePause | undefined
    /** Adds the steps of a request, where they are timed. */
    readonly addSteps: AddSteps | undefined
  }
  draining: boolean
  lastRequestAt: number
  /** The data path with the new configuration: connections move to it once no request is being served on them. */
  replacement: ProxyContext<User> | undefined
  /** When timeouts were checked last, in seconds. */
  checkedAt: number
}
