import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { UsageError } from '../kit/errors.ts'
import { seeded } from '../kit/random.ts'
import type { FaultKind } from '../plan/faults/fault.ts'
import type { BackendPlan } from '../plan/plan.ts'
import { type Arrivals, arrivals } from './arrivals.ts'
import type { BackendCounts } from './config.ts'
import { type Service, serve, type Tally } from './connection.ts'
import { faultState } from './fault-state.ts'
import { responsesFor } from './responses.ts'
import { serviceQueue } from './service-queue.ts'
import { serviceTimes } from './service-time.ts'
import type { TimerQueue } from './timer-queue.ts'

/** A running mock backend. */
export interface Backend {
  readonly port: number
  counts(): BackendCounts
  /** Starts the counts anew; see BackendCounts. */
  reset(): void
  /** Its requests by when they arrive. */
  readonly arrivals: Arrivals
  /**
   * From now on it has this fault in place of any other; undefined: it is well again. Settles once it is so.
   * @throws {UsageError} its port was taken while it was dead
   */
  befall(ails: FaultKind | undefined): Promise<void>
  /** Closes its port and every connection. */
  stop(): void
}

/** How to open one backend, besides what the plan says of it. */
export interface Opening {
  /** From 1. */
  readonly number: number
  /** 0: the kernel chooses. */
  readonly port: number
  readonly seed: number
  readonly agenda: TimerQueue
}

/**
 * Opens a mock backend on 127.0.0.1.
 * @throws {UsageError} the port cannot be listened on
 */
export async function openBackend(plan: BackendPlan, opening: Opening): Promise<Backend> {
  const counts: Tally = { received: 0, answered: 0, failed: 0, aborted: 0, malformed: 0 }
  const service = serviceOf(plan, opening, counts)
  const sockets = new Set<Socket>()
  const open = (port: number): Promise<Server> => listening(opening.number, port, accept)
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, service)
  }
  let server: Server | undefined = await open(opening.port)
  const { port } = server.address() as AddressInfo
  // To its clients a process that dies is its sockets closed by the kernel: so are these.
  const close = (): void => {
    server?.close()
    server = undefined
    for (const socket of sockets) socket.destroy()
  }
  const become = async (ails: FaultKind | undefined): Promise<void> => {
    service.condition.become(ails)
    if (ails?.kind === 'kill' || ails?.kind === 'restart') close()
    if (ails?.kind !== 'kill') server ??= await open(port)
  }
  let changed: Promise<void> = Promise.resolve()

  return {
    port,
    counts: () => countsOf(service),
    reset() {
      const { inFlight } = countsOf(service)
      Object.assign(counts, {
        received: inFlight,
        answered: 0,
        failed: 0,
        aborted: 0,
        malformed: 0,
      })
      service.station.forget()
    },
    arrivals: service.arrivals,
    befall(ails) {
      // One after the other: a backend that is about to listen cannot be closed.
      const change = changed.then(() => become(ails))
      changed = change.catch(() => undefined)
      return change
    },
    stop: close,
  }
}

async function listening(
  number: number,
  port: number,
  accept: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ noDelay: true }, accept)
  server.listen({ host: '127.0.0.1', port, backlog: 4096 })
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    throw new UsageError(
      `backend ${number} cannot listen on 127.0.0.1:${port}: ${(error as NodeJS.ErrnoException).code}`,
      'Choose another port, or 0 to let the kernel choose.',
    )
  }
}

function serviceOf(plan: BackendPlan, { number, seed, agenda }: Opening, counts: Tally): Service {
  // Two sources, so that neither kind of draw moves the other: each backend and kind has its own seed.
  const times = seeded(seed + 2 * number)
  const failures = seeded(seed + 2 * number + 1)
  const draw = serviceTimes(plan.serviceTime, times)
  const now = faultState()
  const errorRate = (): number => Math.max(plan.errorRate, now.errorShare)
  return {
    station: serviceQueue({ places: plan.concurrency, draw: () => draw() * now.slowness, agenda }),
    answers: responsesFor(number, plan.responseBytes),
    fails: () => errorRate() > 0 && failures() < errorRate(),
    counts,
    arrivals: arrivals(),
    condition: now,
  }
}

function countsOf({ counts, station }: Service): BackendCounts {
  return {
    ...counts,
    inFlight: counts.received - counts.answered - counts.aborted,
    queued: station.queued,
    queuePeak: station.queuePeak,
  }
}
