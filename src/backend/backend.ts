import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { UsageError } from '../kit/errors.ts'
import { seeded } from '../kit/random.ts'
import type { BackendPlan } from '../plan/plan.ts'
import type { Agenda } from './agenda.ts'
import { answersOf } from './answers.ts'
import type { BackendCounts } from './config.ts'
import { type Service, serve, type Tally } from './connection.ts'
import { serviceTimes } from './service-time.ts'
import { station } from './station.ts'

/** A running mock backend. */
export interface Backend {
  readonly port: number
  counts(): BackendCounts
  /** Starts the counts anew; see BackendCounts. */
  reset(): void
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
  readonly agenda: Agenda
}

/**
 * Opens a mock backend on 127.0.0.1.
 * @throws {UsageError} the port cannot be listened on
 */
export async function openBackend(plan: BackendPlan, opening: Opening): Promise<Backend> {
  const counts: Tally = { received: 0, answered: 0, failed: 0, aborted: 0, malformed: 0 }
  const service = serviceOf(plan, opening, counts)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, service)
  })
  server.listen({ host: '127.0.0.1', port: opening.port, backlog: 4096 })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new UsageError(
      `backend ${opening.number} cannot listen on 127.0.0.1:${opening.port}: ${(error as NodeJS.ErrnoException).code}`,
      'Choose another port, or 0 to let the kernel choose.',
    )
  }

  return {
    port: (server.address() as AddressInfo).port,
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
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function serviceOf(plan: BackendPlan, { number, seed, agenda }: Opening, counts: Tally): Service {
  // Two sources, so that neither kind of draw moves the other: each backend and kind has its own seed.
  const times = seeded(seed + 2 * number)
  const failures = seeded(seed + 2 * number + 1)
  return {
    station: station({
      places: plan.concurrency,
      draw: serviceTimes(plan.serviceTime, times),
      agenda,
    }),
    answers: answersOf(number, plan.responseBytes),
    fails: plan.errorRate === 0 ? () => false : () => failures() < plan.errorRate,
    counts,
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
