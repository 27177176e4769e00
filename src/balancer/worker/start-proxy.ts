import { hashKey } from '../../algorithms/parts/key.ts'
import { seeded } from '../../kit/random.ts'
import { workerMetrics } from '../admin/worker-metrics.ts'
import { algorithmSettings } from '../config/algorithm-settings.ts'
import type { BalancerSettings } from '../config/config.ts'
import type { Identity } from '../downstream/tls-identity.ts'
import { type BackendSet, backendSet } from '../health/backend-set.ts'
import { healthOf } from '../health/health.ts'
import { passiveHealth } from '../health/passive.ts'
import { emptyRequestHead, type RequestHead } from '../http/request-head.ts'
import type { AccessLog } from '../io/access-log.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { keyReader } from '../proxy/request-key.ts'
import { requestLimiter } from '../proxy/request-limiter.ts'
import { sharedClock } from '../shared/clock.ts'
import { type Counters, count, countersOf } from '../shared/counters.ts'
import { closeRow } from '../upstream/pool.ts'
import { assembleProxy, checkTimeouts } from './assemble.ts'
import { burning } from './burn-cpu.ts'
import type { Shared } from './shared-memory.ts'

/** What the data path of one worker starts from. */
export interface WorkerOptions {
  readonly settings: BalancerSettings
  readonly shared: Shared
  /** Which worker it is, from 0. */
  readonly worker: number
  /** Who it is to clients over TLS. */
  readonly identity?: Identity | undefined
}

/** Starts the data path of one worker in this thread. */
export function startProxy(
  { settings, shared, worker }: WorkerOptions,
  log?: AccessLog,
): {
  readonly lane: ProxyContext
  close(): void
} {
  const { table, health } = shared
  const columns = Array.from({ length: settings.workers }, (_, index) =>
    countersOf(shared.counters, index, table.rows),
  )
  const metrics = shared.metrics && workerMetrics(shared.metrics, worker)
  const request = emptyRequestHead(settings.limits.fields)
  const lane: ProxyContext = assembleProxy({
    settings,
    roster: rosterOf({ settings, shared, worker }, (row) => startAfresh(lane, row)),
    passive: passiveHealth(healthOf(health, table, settings.health)),
    counters: columns[worker] as Counters,
    columns,
    request,
    key: keyOf(settings, request),
    limit: requestLimiter({ settings, shared, worker }, request),
    now: sharedClock(),
    worker,
    metrics,
    log,
  })
  const sweeping = setInterval(() => checkTimeouts(lane), tick(settings) * 1000)
  return { lane, close: () => clearInterval(sweeping) }
}

/** The backend in `row` is another one: nothing of the one before is used, or counted for it. */
function startAfresh(lane: ProxyContext, row: number): void {
  closeRow(lane, row)
  if (lane.roster.byRow[row] === undefined) return
  lane.metrics?.resetRow(row)
  lane.counters[count.backends + row] = 0
}

/** How to take what is hashed from a request, where it is anything else than the client's address. */
function keyOf(settings: BalancerSettings, request: RequestHead): ProxyContext['key'] {
  const { sees } = algorithmSettings(settings).algorithm
  if (settings.key === 'client-ip' || !sees.includes('key')) return undefined
  const key = hashKey(settings.key)
  const read = keyReader(request)
  return (address) => read(key, address)
}

function rosterOf(
  { settings, shared: { health, table }, worker }: WorkerOptions,
  changed: (row: number) => void,
): BackendSet {
  const { algorithm, parameters } = algorithmSettings(settings)
  const random = seeded(settings.seed + worker)
  return backendSet({
    health,
    table,
    makePicker: (rows, cells) =>
      burning(
        algorithm.picker(rows, { random, shared: cells, settings: parameters }),
        settings.burn,
      ),
    onBackendChanged: changed,
  })
}

/** Seconds between two looks for what is overdue: a quarter of the shortest time-out, within reason. */
function tick({ timeouts }: BalancerSettings): number {
  return Math.min(
    Math.max(Math.min(...Object.values(timeouts).filter((time) => time !== undefined)) / 4, 0.01),
    0.25,
  )
}
