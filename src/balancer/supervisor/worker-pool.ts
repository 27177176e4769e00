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
import { type Dispatcher, dispatcher } from './dispatcher.ts'
import { openConnections, settleCounters, type WorkerSlot } from './worker-slot.ts'

/** The workers of a balancer. */
export interface WorkerPool {
  /** Sends a connection, from which nothing was read, to a worker: see Dispatcher. */
  dispatch(socket: Socket): void
  /** Open connections of all workers, and those that wait for a worker. */
  open(): number
  /** Open connections of each worker. */
  connections(): number[]
  /** Has every worker reopen the access log at its path. */
  reopenLog(): void
  /** Terminates one worker, as a crash would. It is replaced. */
  kill(worker: number): void
  /** Drains all workers; after `seconds` those that are left are terminated. */
  stop(seconds: number): Promise<void>
}

/** What the slots of one pool share. */
interface PoolState {
  readonly settings: BalancerSettings
  readonly shared: Shared
  readonly identity: Identity | undefined
  readonly slots: WorkerSlot[]
  readonly dispatcher: Dispatcher
  stopping: boolean
}

/**
 * Young generation of a worker's heap, MiB. What a request allocates is garbage once it is answered, so a larger
 * one only costs memory; without a limit V8 grows it with the load. docs/decisions/0007-data-path.md.
 */
const maxYoungGenerationSizeMb = 6

/**
 * Backoff before a worker that exited before it was ready is replaced, in ms: doubled at each failed start, since a
 * worker that fails at once would otherwise take all CPU.
 */
const respawnBackoffMs = { initial: 100, max: 5000 }

/**
 * Starts the workers. One that exits is replaced, and its counters are settled.
 *
 * @throws ProcessError when a worker exits before it is ready
 */
export async function startWorkers(
  settings: BalancerSettings,
  shared: Shared,
  identity?: Identity,
): Promise<WorkerPool> {
  const slots: WorkerSlot[] = []
  const state = {
    settings,
    shared,
    identity,
    slots,
    dispatcher: dispatcher(slots),
    stopping: false,
  }
  for (let index = 0; index < settings.workers; index++) slots.push(newSlot(state, index))
  try {
    await Promise.all(slots.map(({ worker }) => ready(worker)))
  } catch (error) {
    await stopWorkers(state, 0)
    throw error
  }
  return poolOf(state)
}

function poolOf(state: PoolState): WorkerPool {
  const { slots, dispatcher, settings } = state
  return {
    dispatch: dispatcher.dispatch,
    open: () => slots.reduce((sum, slot) => sum + openConnections(slot), dispatcher.waiting()),
    connections: () => slots.map(openConnections),
    reopenLog() {
      const { accessLog } = settings
      if (accessLog === undefined) return
      const message: WorkerMessage = { reopen: accessLog }
      for (const { worker } of slots) worker.postMessage(message)
    },
    kill(worker) {
      const slot = slots[worker]
      if (slot === undefined) return
      slot.state = 'terminating'
      void slot.worker.terminate()
    },
    async stop(seconds) {
      if (!state.stopping) await stopWorkers(state, seconds)
    },
  }
}

function newSlot(state: PoolState, index: number): WorkerSlot {
  const { counters, table } = state.shared
  return {
    worker: spawn(state, index),
    state: 'starting',
    failedStarts: 0,
    respawnTimer: undefined,
    dispatched: 0,
    counters: countersOf(counters, index, table.rows),
  }
}

/** Starts a worker for the slot `index`, and follows it until it exits. */
function spawn(state: PoolState, index: number): Worker {
  const { settings, shared, identity, slots } = state
  const options: WorkerOptions = { settings, shared, worker: index, identity }
  const worker = new Worker(modulePath('../worker/worker', import.meta.url), {
    workerData: options,
    resourceLimits: { maxYoungGenerationSizeMb },
  })
  worker.on('error', (error) =>
    process.stderr.write(`worker ${index} crashed: ${inspect(error)}\n`),
  )
  worker.on('exit', () => onExit(state, index))
  worker.on('message', (report: WorkerReport) => {
    if (report === 'ready') onReady(state, slots[index] as WorkerSlot)
    else state.dispatcher.dispatch(report.socket)
  })
  return worker
}

function onReady(state: PoolState, slot: WorkerSlot): void {
  // It may have been terminated while it started.
  if (slot.state !== 'starting') return
  slot.state = 'ready'
  slot.failedStarts = 0
  state.dispatcher.workerReady()
}

function onExit(state: PoolState, index: number): void {
  const slot = state.slots[index] as WorkerSlot
  const failed = slot.state === 'starting'
  slot.state = 'starting'
  if (state.stopping) return
  settleCounters(slot, state.shared)
  slot.failedStarts = failed ? slot.failedStarts + 1 : 0
  respawn(state, index)
}

function respawn(state: PoolState, index: number): void {
  const slot = state.slots[index] as WorkerSlot
  const start = () => {
    slot.respawnTimer = undefined
    slot.worker = spawn(state, index)
  }
  const { initial, max } = respawnBackoffMs
  if (slot.failedStarts === 0) start()
  else {
    slot.respawnTimer = setTimeout(start, Math.min(initial * 2 ** (slot.failedStarts - 1), max))
  }
}

/** Resolves when a worker is ready. */
function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('exit', () =>
      reject(new ProcessError('a worker exited before it was ready', 'see its output above')),
    )
  })
}

async function stopWorkers(state: PoolState, seconds: number): Promise<void> {
  state.stopping = true
  state.dispatcher.close()
  await Promise.all(state.slots.map((slot) => stopSlot(slot, seconds)))
}

async function stopSlot({ worker, respawnTimer }: WorkerSlot, seconds: number): Promise<void> {
  clearTimeout(respawnTimer)
  if (respawnTimer === undefined && worker.threadId !== -1) await drainWorker(worker, seconds)
}

async function drainWorker(worker: Worker, seconds: number): Promise<void> {
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage({ drain: true } satisfies WorkerMessage)
  const timeout = setTimeout(() => void worker.terminate(), seconds * 1000)
  await exited
  clearTimeout(timeout)
}
