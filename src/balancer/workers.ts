import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import { entry } from '../kit/entry.ts'
import type { BalancerSettings } from './config.ts'
import { count, countersOf, heldAt } from './counters.ts'
import type { LaneOrder } from './open-lane.ts'
import type { Shared } from './shared.ts'
import type { Identity } from './tls/identity.ts'
import type { WorkerMessage } from './worker.ts'

/** The workers of a balancer. */
export interface Workers {
  /** Hands a connection, from which nothing was read, to the worker that has the fewest. */
  serve(socket: Socket): void
  /** Connections that are open now, over all workers. */
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

interface Place {
  worker: Worker
  /** Connections that were given to this place since the start. */
  handed: number
  readonly counters: Float64Array
}

/**
 * Young generation of a worker's heap, MiB. What a request allocates is dead when it is answered, so more room only
 * takes memory: left to itself V8 lets it grow with the load. docs/decisions/0007-data-path.md.
 */
const maxYoungGenerationSizeMb = 6

/** Starts the workers. One that dies is replaced, and what it had in flight is taken back. */
export async function startWorkers(
  settings: BalancerSettings,
  shared: Shared,
  identity?: Identity,
): Promise<Workers> {
  const { rows } = shared.table
  let stopping = false
  const launch = (index: number) => {
    const order: LaneOrder = { settings, shared, worker: index, identity }
    const worker = new Worker(entry('./worker', import.meta.url), {
      workerData: order,
      resourceLimits: { maxYoungGenerationSizeMb },
    })
    worker.on('error', (error) => process.stderr.write(`worker ${index} died: ${inspect(error)}\n`))
    worker.on('exit', () => {
      if (stopping) return
      const place = places[index] as Place
      takeBack(place, shared, rows)
      place.worker = launch(index)
    })
    return worker
  }
  const places: Place[] = Array.from({ length: settings.workers }, (_, index) => ({
    worker: launch(index),
    handed: 0,
    counters: countersOf(shared.counters, index, rows),
  }))
  await Promise.all(
    places.map(({ worker }) => new Promise((resolve) => worker.once('message', resolve))),
  )

  let turn = 0
  return {
    serve(socket) {
      turn = (turn + 1) % places.length
      let least = places[turn] as Place
      for (const place of places) if (openOf(place) < openOf(least)) least = place
      least.handed++
      const message: WorkerMessage = { socket }
      least.worker.postMessage(message, [socket as never])
    },
    open: () => places.reduce((all, place) => all + openOf(place), 0),
    connections: () => places.map(openOf),
    reopenLog() {
      const { accessLog } = settings
      if (accessLog === undefined) return
      const message: WorkerMessage = { reopen: accessLog }
      for (const { worker } of places) worker.postMessage(message)
    },
    kill: (worker) => void places[worker]?.worker.terminate(),
    async stop(seconds) {
      if (stopping) return
      stopping = true
      await Promise.all(places.map(({ worker }) => stopWorker(worker, seconds)))
    },
  }
}

/** Connections of a place that are open now. */
function openOf({ handed, counters }: Place): number {
  return handed - (counters[count.closed] as number)
}

/** What a dead worker had in flight is in flight no more, and its connections are closed. */
function takeBack(place: Place, { table }: Shared, rows: number): void {
  const { counters } = place
  const inFlight = new Int32Array(table.inFlight)
  for (let row = 0; row < rows; row++) {
    const held = counters[heldAt(rows) + row] as number
    counters[heldAt(rows) + row] = 0
    Atomics.sub(inFlight, row, held)
    counters[count.aborted] = (counters[count.aborted] as number) + held
  }
  counters[count.active] = 0
  counters[count.retrying] = 0
  counters[count.closed] = place.handed
}

async function stopWorker(worker: Worker, seconds: number): Promise<void> {
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage({ drain: true } satisfies WorkerMessage)
  const limit = setTimeout(() => void worker.terminate(), seconds * 1000)
  await exited
  clearTimeout(limit)
}
