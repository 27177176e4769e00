import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { listen } from '../kit/listen.ts'
import { seeded } from '../kit/random.ts'
import type { FaultEffect } from '../plan/faults/fault.ts'
import type { BackendPlan } from '../plan/plan.ts'
import { type Arrivals, arrivals } from './arrivals.ts'
import { beginConnection } from './begin-connection.ts'
import type { BackendCounts } from './config.ts'
import type { RequestCounts, Service } from './connection.ts'
import { faultState } from './fault-state.ts'
import { responsesFor } from './responses.ts'
import { serviceQueue } from './service-queue.ts'
import { serviceTimes } from './service-time.ts'
import type { TimerQueue } from './timer-queue.ts'

/** Connections that the kernel queues until the backend accepts them. */
export const backlog = 4096

/** The counts of a backend without a request. */
const none = { received: 0, answered: 0, failed: 0, aborted: 0, malformed: 0, http2: 0 }

/** A running mock backend: HTTP/1.1, and HTTP/2 by prior knowledge. */
export interface Backend {
  readonly port: number
  /** Serves a connection that another port accepted; one of a killed backend is reset. */
  accept(socket: Socket): void
  counts(): BackendCounts
  /** Resets the counts; see BackendCounts. */
  reset(): void
  /** Its requests by time of arrival. */
  readonly arrivals: Arrivals
  /**
   * Injects a fault, in place of any other; undefined: the backend recovers. Resolves once that is done.
   *
   * @throws UsageError when its port was taken while it was killed
   */
  inject(fault: FaultEffect | undefined): Promise<void>
  /** Closes its port and all connections. */
  stop(): void
}

/** Options of a backend, besides its plan. */
export interface BackendOptions {
  /** From 1. */
  readonly number: number
  /** Address to listen on (default: the loopback address). */
  readonly host?: string
  /** 0: the kernel chooses. */
  readonly port: number
  readonly seed: number
  readonly timers: TimerQueue
  /** Notes the waits of requests in its queue, in ms of `performance.now()`. */
  readonly noteWait?: (fromMs: number, untilMs: number) => void
}

/**
 * Starts a mock backend.
 *
 * @throws UsageError when the port cannot be listened on
 */
export async function openBackend(plan: BackendPlan, options: BackendOptions): Promise<Backend> {
  const counts: RequestCounts = { ...none }
  const service = serviceOf(plan, options, counts)
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    beginConnection(socket, service)
  }
  const open = async (port: number): Promise<Server> => {
    const server = createServer({ noDelay: true }, accept)
    const { number, host = '127.0.0.1' } = options
    await listen(server, { host, port, backlog }, `backend ${number}`)
    return server
  }
  let server: Server | undefined = await open(options.port)
  const { port } = server.address() as AddressInfo
  // When a process is killed, the kernel closes its sockets: this looks the same to clients.
  const close = (): void => {
    server?.close()
    server = undefined
    for (const socket of sockets) socket.destroy()
  }
  const setFault = async (fault: FaultEffect | undefined): Promise<void> => {
    service.faultState.set(fault)
    if (fault?.kind === 'kill' || fault?.kind === 'restart') close()
    if (fault?.kind !== 'kill') server ??= await open(port)
  }
  let changed: Promise<void> = Promise.resolve()

  return {
    port,
    accept(socket) {
      if (server === undefined) socket.resetAndDestroy()
      else accept(socket)
    },
    counts: () => countsOf(service),
    reset() {
      const { inFlight } = countsOf(service)
      Object.assign(counts, { ...none, received: inFlight })
      service.queue.resetPeak()
    },
    arrivals: service.arrivals,
    inject(fault) {
      // One after the other: a backend that is about to listen cannot be closed.
      const change = changed.then(() => setFault(fault))
      changed = change.catch(() => undefined)
      return change
    },
    stop: close,
  }
}

function serviceOf(
  plan: BackendPlan,
  { number, seed, timers, noteWait }: BackendOptions,
  counts: RequestCounts,
): Service {
  // Separate random sources per backend and kind, so that one kind of draw does not shift the other.
  const times = seeded(seed + 2 * number)
  const failures = seeded(seed + 2 * number + 1)
  const draw = serviceTimes(plan.serviceTime, times)
  const state = faultState()
  const errorRate = (): number => Math.max(plan.errorRate, state.errorShare)
  return {
    queue: serviceQueue({
      servers: plan.concurrency,
      serviceTime: () => draw() * state.slowdown,
      timers,
      ...(noteWait && { noteWait }),
    }),
    responses: responsesFor(number, plan.responseBytes),
    fails: () => errorRate() > 0 && failures() < errorRate(),
    counts,
    arrivals: arrivals(),
    faultState: state,
  }
}

function countsOf({ counts, queue }: Service): BackendCounts {
  return {
    ...counts,
    inFlight: counts.received - counts.answered - counts.aborted,
    queued: queue.length,
    queuePeak: queue.peak,
  }
}
