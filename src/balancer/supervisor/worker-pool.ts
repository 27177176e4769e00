import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import { ProcessError } from '../../kit/errors.ts'
import { modulePath } from '../../kit/module-path.ts'
import type { BalancerSettings } from '../config/config.ts'
import type { Identity } from '../downstream/tls-identity.ts'
import { countersOf } from '../shared/counters.ts'
import type { Shared } from '../worker/shared-memory.ts'

import type { WorkerMessage, WorkerOptions, WorkerReport } from '../worker/worker-options.ts'
import { dispatcher } from './dispatcher.ts'
import { openOf, takeBack, type WorkerSlot } from './worker-slot.ts'

/** The workers of a balancer. */
export interface WorkerPool {
  /** Hands a connection, from which nothing was read, to the ready worker that has the fewest, once there is one. */
  serve(socket: Socket): void
  /** Connections that are open now, over all workers, and those that wait for one. */
  open(): number
  /** Connections that each worker has open. */
  connections(): number[]
  /** Has all workers go on in the file that is at the access log's path now. */
  reopenLog(): void
  /** Ends one worker as a crash would. Another takes its place. */
  kill(worker: number): void
  /** Lets requests in flight end, for at most `seconds`; then all workers are gone. */
  stop(seconds: number): Promise<void>
}

/**
 * Young generation of a worker's heap, MiB. What a request allocates is dead when it is answered, so more room only
 * takes memory: left to itself V8 lets it grow with the load. docs/decisions/0007-data-path.md.
 */
const maxYoungGenerationSizeMb = 6

/**
 * Milliseconds before a place is filled again whose last worker ended before it served: twice as many each time, up
 * to a bound, since what fails at once would else take the whole host.
 */
const pause = { first: 100, most: 5000 }

/**
 * Starts the workers. One that dies is replaced, and what it had in flight is taken back.
 *
 * @throws ProcessError where one ends before it serves
 */
export async function startWorkers(
  settings: BalancerSettings,
  shared: Shared,
  identity?: Identity,
): Promise<WorkerPool> {
  const { rows } = shared.table
  let stopping = false
  const launch = (index: number) => {
    const options: WorkerOptions = { settings, shared, worker: index, identity }
    const worker = new Worker(modulePath('../worker/worker', import.meta.url), {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb },
    })
    worker.on('error', (error) => process.stderr.write(`worker ${index} died: ${inspect(error)}\n`))
    worker.on('exit', () => {
      const place = places[index] as WorkerSlot
      const failed = place.state === 'loading'
      place.state = 'loading'
      if (stopping) return
      takeBack(place, shared)
      place.failedStarts = failed ? place.failedStarts + 1 : 0
      refill(index, place)
    })
    worker.on('message', (report: WorkerReport) => {
      const place = places[index] as WorkerSlot
      if (report !== 'ready') door.serve(report.socket)
      else if (place.state === 'loading') {
        // Else it was ended while it loaded.
        place.state = 'ready'
        place.failedStarts = 0
        door.ready()
      }
    })
    return worker
  }
  const refill = (index: number, place: WorkerSlot) => {
    const fill = () => {
      place.refill = undefined
      place.worker = launch(index)
    }
    if (place.failedStarts === 0) fill()
    else
      place.refill = setTimeout(
        fill,
        Math.min(pause.first * 2 ** (place.failedStarts - 1), pause.most),
      )
  }
  const places: WorkerSlot[] = Array.from({ length: settings.workers }, (_, index) => ({
    worker: launch(index),
    state: 'loading',
    failedStarts: 0,
    refill: undefined,
    handed: 0,
    counters: countersOf(shared.counters, index, rows),
  }))
  const door = dispatcher(places)
  try {
    await Promise.all(places.map(({ worker }) => serves(worker)))
  } catch (error) {
    stopping = true
    await Promise.all(places.map((place) => empty(place, 0)))
    throw error
  }

  return {
    serve: door.serve,
    open: () => places.reduce((all, place) => all + openOf(place), door.waiting()),
    connections: () => places.map(openOf),
    reopenLog() {
      const { accessLog } = settings
      if (accessLog === undefined) return
      const message: WorkerMessage = { reopen: accessLog }
      for (const { worker } of places) worker.postMessage(message)
    },
    kill(worker) {
      const place = places[worker]
      if (place === undefined) return
      place.state = 'dying'
      void place.worker.terminate()
    },
    async stop(seconds) {
      if (stopping) return
      stopping = true
      door.close()
      await Promise.all(places.map((place) => empty(place, seconds)))
    },
  }
}

/** Waits until a worker serves. */
function serves(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('exit', () =>
      reject(
        new ProcessError(
          'a worker of the balancer ended before it served',
          'What it said is above.',
        ),
      ),
    )
  })
}

/** Has a place empty for good. */
async function empty({ worker, refill }: WorkerSlot, seconds: number): Promise<void> {
  clearTimeout(refill)
  if (refill === undefined && worker.threadId !== -1) await stopWorker(worker, seconds)
}

async function stopWorker(worker: Worker, seconds: number): Promise<void> {
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage({ drain: true } satisfies WorkerMessage)
  const limit = setTimeout(() => void worker.terminate(), seconds * 1000)
  await exited
  clearTimeout(limit)
}
