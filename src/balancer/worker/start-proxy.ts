import type { SharedCells } from '../../algorithms/algorithm.ts'
import { hashKey } from '../../algorithms/parts/key.ts'
import type { TableMemory } from '../../algorithms/parts/table.ts'
import { watchPauses } from '../../kit/pause.ts'
import { seeded } from '../../kit/random.ts'
import { workerMetrics } from '../admin/worker-metrics.ts'
import { algorithmSettings } from '../config/algorithm-settings.ts'
import type { BalancerSettings } from '../config/config.ts'
import { type BackendSet, backendSet } from '../health/backend-set.ts'
import { failureNotes } from '../health/failure-notes.ts'
import { healthOf } from '../health/health.ts'
import { passiveHealth } from '../health/passive.ts'
import { emptyRequestHead, type RequestHead } from '../http/request-head.ts'
import type { AccessLog } from '../io/access-log.ts'
import { allocateLimit } from '../limits/allocate-limit.ts'
import { requestLimit } from '../limits/request-limit.ts'
import { namesAmong, newNames } from '../names/names.ts'
import { ejectionNotes, pauseNotes } from '../observe/pause-ring.ts'
import { stepAdder } from '../observe/step-memory.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'
import { keyReader } from '../proxy/request-key.ts'
import { type RequestLimiter, requestLimiter } from '../proxy/request-limiter.ts'
import { checkTimeouts } from '../proxy/timeouts.ts'
import { sharedClock } from '../shared/clock.ts'
import { type Counters, count, countersOf, slotCountersOf } from '../shared/counters.ts'
import { assembleProxy } from './assemble.ts'
import type { WorkerOptions } from './worker-options.ts'

/** Starts the data path of one worker in this thread. */
export function startProxy(
  options: WorkerOptions,
  log?: AccessLog,
): {
  readonly proxy: ProxyContext<Exchange>
  close(): void
} {
  const { settings, shared, worker } = options
  const { table, health } = shared
  const columns = Array.from({ length: settings.workers }, (_, index) =>
    countersOf(shared.counters, index, table.rows),
  )
  const notePause = shared.pauses && pauseNotes(shared.pauses, worker)
  const watched = notePause && watchPauses(notePause)
  const requestHead = emptyRequestHead(settings.limits.fields)
  const now = sharedClock()
  const noteEjection = notePause && ejectionNotes(notePause)
  const ofBackends = healthOf(health, table, settings.health, noteEjection)
  const names = newNames({
    settings: settings.resolver,
    now,
    onMoved: (host, addresses) => retireAddresses(proxy, host, addresses),
  })
  const proxy: ProxyContext<Exchange> = assembleProxy({
    settings,
    names,
    backends: backendsOf(options, (row) => resetBackend(proxy, row)),
    passive: passiveHealth(ofBackends),
    notes: failureNotes(ofBackends.columns),
    requestHead,
    limits: { key: keyOf(settings, requestHead), limiter: limiterOf(options, requestHead) },
    observe: {
      worker,
      counters: columns[worker] as Counters,
      slot: slotCountersOf(shared.slots, worker),
      columns,
      metrics: shared.metrics && workerMetrics(shared.metrics, worker),
      log,
      notePause,
      addSteps: shared.steps && stepAdder(shared.steps, worker),
    },
    now,
  })
  names.refresh(namesAmong(proxy.balancing.backends.byRow))
  const timer = setInterval(() => {
    // Timers run before sockets are read. After a stall of this thread, data that arrived in time must count first.
    setImmediate(checkTimeouts, proxy)
    names.refresh(namesAmong(proxy.balancing.backends.byRow))
  }, timerInterval(settings) * 1000)
  const close = () => {
    clearInterval(timer)
    watched?.[Symbol.dispose]()
    names.close()
  }
  return { proxy, close }
}

/** A backend has moved: connections to addresses that it had before are kept no longer than their requests. */
function retireAddresses(
  { pool, balancing }: ProxyContext<Exchange>,
  host: string,
  addresses: readonly string[],
): void {
  for (const [row, backend] of balancing.backends.byRow.entries()) {
    if (backend?.host === host) pool.retire(row, addresses)
  }
}

/** The backend in `row` is another one: neither connections nor counts of the former one are kept. */
function resetBackend({ pool, balancing, observe }: ProxyContext<Exchange>, row: number): void {
  pool.closeRow(row)
  if (balancing.backends.byRow[row] === undefined) return
  observe.metrics?.resetRow(row)
  observe.counters[count.backends + row] = 0
}

/** Reads the hash key of a request; undefined where the algorithm needs none, or the client's address. */
function keyOf(
  settings: BalancerSettings,
  requestHead: RequestHead,
): ProxyContext<Exchange>['limits']['key'] {
  const { inputs } = algorithmSettings(settings).algorithm
  if (settings.key === 'client-ip' || !inputs.includes('key')) return undefined
  const key = hashKey(settings.key)
  const read = keyReader(requestHead)
  return (address) => read(key, address)
}

function limiterOf(
  { settings: { rateLimit }, shared, worker }: WorkerOptions,
  requestHead: RequestHead,
): RequestLimiter | undefined {
  if (rateLimit === undefined) return undefined
  const memory = shared.limit ?? allocateLimit(rateLimit)
  return requestLimiter(requestLimit(rateLimit, memory, worker), rateLimit, requestHead)
}

function backendsOf(
  { settings, shared: { health, table }, worker }: WorkerOptions,
  onBackendChanged: (row: number) => void,
): BackendSet {
  const { algorithm, parameters } = algorithmSettings(settings)
  const random = seeded(settings.seed + worker)
  const own = settings.sharedState ? undefined : ownCells(table)
  return backendSet({
    health,
    table,
    makePicker: (rows, cells) =>
      algorithm.picker(rows, {
        ...{ random, shared: own ?? cells, settings: parameters },
        told: 'eligibility',
      }),
    onBackendChanged,
    maxInFlight: settings.limits.backendRequests,
  })
}

/** Cells of the size of the shared ones, that no other worker sees. */
function ownCells({ ints, floats }: TableMemory): SharedCells {
  return {
    ints: new Int32Array(new SharedArrayBuffer(ints.byteLength)),
    floats: new Float64Array(new SharedArrayBuffer(floats.byteLength)),
  }
}

/** Seconds between two checks of timeouts: a quarter of the shortest timeout, between 10 and 250 ms. */
function timerInterval({ timeouts }: BalancerSettings): number {
  const shortest = Math.min(
    ...(Object.values(timeouts).filter((time) => (time ?? 0) > 0) as number[]),
  )
  return Math.min(Math.max(shortest / 4, 0.01), 0.25)
}
