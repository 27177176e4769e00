import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { type ResourceLimits, Worker } from 'node:worker_threads'
import { ProcessError } from '../../kit/errors.ts'
import { modulePath } from '../../kit/module-path.ts'
import { slotCount, slotCountersOf } from '../shared/counters.ts'
import type { Shared } from '../worker/shared-memory.ts'
import type { WorkerMessage, WorkerOptions, WorkerReport } from '../worker/worker-options.ts'
import { type Dispatcher, dispatcher } from './dispatcher.ts'
import {
  isReady,
  openConnections,
  settleCounters,
  settleSlot,
  type WorkerSlot,
} from './worker-slot.ts'

/** The workers of a balancer. */
export interface WorkerPool {
  /** Sends a connection, from which nothing was read, to a worker: see Dispatcher. */
  dispatch(socket: Socket): void
  /** Open connections of all workers, and those that wait for a worker. */
  open(): number
  /** Open connections of each worker. */
  connections(): number[]
  /** The threads of the workers that are ready, by number. */
  ready(): readonly (readonly [number, Worker])[]
  /** The limits of the heap of each worker that runs, as Node reports them. */
  heapLimits(): ResourceLimits[]
  /** Lines of the access log that could not be written. */
  droppedLogLines(): number
  /** Has every worker reopen the access log at its path. */
  reopenLog(): void
  /**
   * Has every worker apply another configuration, and workers that start later start with it. Resolves when all that
   * run have applied it.
   *
   * @param retired called once no request in any worker has begun with the version that was replaced
   */
  apply(options: PoolOptions, retired: () => void): Promise<void>
  /** Terminates one worker, as a crash would. It is replaced. */
  kill(worker: number): void
  /** Drains all workers; after `seconds`, or once `cut` aborts, what is left is cut. */
  stop(seconds: number, cut: AbortSignal): Promise<void>
}

/** Options of all workers. */
export type PoolOptions = Omit<WorkerOptions, 'worker'>

/** A version of the settings, and the workers in which requests with it may still be in progress. */
interface ReplacedVersion {
  readonly shared: Shared
  readonly workers: Set<number>
  retired(): void
}

/** State that the slots of one pool share. */
interface PoolState {
  options: PoolOptions
  readonly replaced: Map<number, ReplacedVersion>
  readonly slots: WorkerSlot[]
  readonly dispatcher: Dispatcher
  stopping: boolean
}

/**
 * Backoff before a worker that exited before it was ready is replaced, in ms: doubled at each failed start, since a
 * worker that fails at once would otherwise take all CPU.
 */
const respawnBackoffMs = { initial: 100, max: 5000 }

/** Milliseconds that a worker has to cut its connections and to write the access log, before it is terminated. */
const cutTimeoutMs = 1000

/**
 * Starts the workers. One that exits is replaced, and its counters are settled.
 *
 * @throws ProcessError when a worker exits before it is ready
 */
export async function startWorkers(options: PoolOptions): Promise<WorkerPool> {
  const slots: WorkerSlot[] = []
  const state: PoolState = {
    options,
    replaced: new Map(),
    slots,
    dispatcher: dispatcher(slots, () => state.options.settings.timeouts.head),
    stopping: false,
  }
  for (let index = 0; index < options.settings.workers; index++) slots.push(newSlot(state, index))
  try {
    await Promise.all(slots.map(({ worker }) => ready(worker)))
  } catch (error) {
    state.stopping = true
    await Promise.all(slots.map(({ worker }) => worker.terminate()))
    throw error
  }
  return poolOf(state)
}

function poolOf(state: PoolState): WorkerPool {
  const { slots, dispatcher } = state
  return {
    dispatch: dispatcher.dispatch,
    open: () => slots.reduce((sum, slot) => sum + openConnections(slot), dispatcher.waiting()),
    connections: () => slots.map(openConnections),
    ready: () =>
      slots.flatMap((slot, index) => (isReady(slot) ? [[index, slot.worker] as const] : [])),
    heapLimits: () => slots.map(({ worker }) => worker.resourceLimits ?? {}),
    droppedLogLines: () =>
      slots.reduce((sum, { counters }) => sum + (counters[slotCount.logDropped] as number), 0),
    reopenLog() {
      const { accessLog } = state.options.settings
      if (accessLog === undefined) return
      const message: WorkerMessage = { reopen: accessLog }
      for (const { worker } of slots) worker.postMessage(message)
    },
    apply: (options, retired) => apply(state, options, retired),
    kill(worker) {
      const slot = slots[worker]
      if (slot === undefined) return
      slot.state = 'terminating'
      void slot.worker.terminate()
    },
    async stop(seconds, cut) {
      if (!state.stopping) await stopWorkers(state, seconds, cut)
    },
  }
}

function newSlot(state: PoolState, index: number): WorkerSlot {
  return {
    worker: spawn(state, index),
    state: 'starting',
    failedStarts: 0,
    respawnTimer: undefined,
    dispatched: 0,
    counters: slotCountersOf(state.options.shared.slots, index),
  }
}

/** Starts a worker for the slot `index`, and follows it until it exits. */
function spawn(state: PoolState, index: number): Worker {
  const { slots } = state
  const options: WorkerOptions = { ...state.options, worker: index }
  const worker = new Worker(modulePath('../worker/worker', import.meta.url), {
    workerData: options,
    resourceLimits: heapLimits(options.settings),
  })
  worker.on('error', (error) =>
    process.stderr.write(`worker ${index} crashed: ${inspect(error)}\n`),
  )
  worker.on('exit', () => onExit(state, index))
  worker.on('message', (report: WorkerReport) => {
    if (report === 'ready') onReady(state, slots[index] as WorkerSlot)
    else if (report === 'applied') worker.emit('applied')
    else if ('retired' in report) retire(state, report.retired, index)
    else if ('activity' in report) worker.emit('activity', report.activity)
    else state.dispatcher.dispatch(report.socket)
  })
  return worker
}

function heapLimits({ memory }: PoolOptions['settings']): ResourceLimits {
  const { youngGeneration, oldSpace } = memory
  return {
    maxYoungGenerationSizeMb: youngGeneration,
    ...(oldSpace !== undefined && { maxOldGenerationSizeMb: oldSpace }),
  }
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
  settleSlot(slot)
  settleCounters(index, state.options.shared)
  for (const [version, { shared }] of state.replaced) {
    settleCounters(index, shared)
    retire(state, version, index)
  }
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

/** The worker in slot `index` has no request with an earlier version any more. */
function retire({ replaced }: PoolState, version: number, index: number): void {
  const one = replaced.get(version)
  one?.workers.delete(index)
  if (one === undefined || one.workers.size > 0) return
  replaced.delete(version)
  one.retired()
}

async function apply(state: PoolState, options: PoolOptions, retired: () => void): Promise<void> {
  const { slots, replaced } = state
  const { version, shared } = state.options
  if (options.version !== version) {
    replaced.set(version, { shared, workers: new Set(slots.keys()), retired })
  }
  state.options = options
  await Promise.all(
    slots.map(({ worker }, index) => {
      // It exited: the next one starts with these options.
      if (worker.threadId === -1) {
        retire(state, version, index)
        return undefined
      }
      const applied = appliedOrExited(worker)
      worker.postMessage({ apply: { ...options, worker: index } } satisfies WorkerMessage)
      return applied
    }),
  )
}

/** Resolves when a worker has applied a configuration, or exited. */
function appliedOrExited(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      worker.off('applied', done)
      worker.off('exit', done)
      resolve()
    }
    worker.on('applied', done)
    worker.on('exit', done)
  })
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

async function stopWorkers(state: PoolState, seconds: number, cut: AbortSignal): Promise<void> {
  state.stopping = true
  state.dispatcher.close()
  await Promise.all(state.slots.map((slot) => stopSlot(slot, seconds, cut)))
}

async function stopSlot(
  { worker, respawnTimer }: WorkerSlot,
  seconds: number,
  cut: AbortSignal,
): Promise<void> {
  clearTimeout(respawnTimer)
  if (respawnTimer === undefined && worker.threadId !== -1) await drainWorker(worker, seconds, cut)
}

async function drainWorker(worker: Worker, seconds: number, cut: AbortSignal): Promise<void> {
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage({ drain: true } satisfies WorkerMessage)
  let timeout: NodeJS.Timeout
  const cutWorker = () => {
    clearTimeout(timeout)
    worker.postMessage({ cut: true } satisfies WorkerMessage)
    timeout = setTimeout(() => void worker.terminate(), cutTimeoutMs)
  }
  timeout = setTimeout(cutWorker, seconds * 1000)
  if (cut.aborted) cutWorker()
  else cut.addEventListener('abort', cutWorker, { once: true })
  await exited
  cut.removeEventListener('abort', cutWorker)
  clearTimeout(timeout)
}
