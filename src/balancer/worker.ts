import type { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { view } from '../algorithms/table.ts'
import { seeded } from '../kit/random.ts'
import { algorithmOf, type BalancerSettings, backendAddress } from './config.ts'
import { countersOf } from './counters.ts'
import { drain } from './drain.ts'
import { accept } from './front.ts'
import type { Lane } from './lane.ts'
import { makeLane, sweep } from './proxy.ts'
import type { Shared } from './shared.ts'

/** What a worker is given at its start. */
export interface WorkerOrder {
  readonly settings: BalancerSettings
  readonly shared: Shared
  /** From 0. */
  readonly worker: number
}

/** What a worker is told: to serve a connection, or to end when nothing is in flight any more. */
export type WorkerMessage = { readonly socket: Socket } | { readonly drain: true }

/** Between two looks for what is overdue: a quarter of the shortest time-out, within reason. */
function tick({ timeouts }: BalancerSettings): number {
  return Math.min(Math.max(Math.min(...Object.values(timeouts)) / 4, 0.01), 0.25)
}

function start({ settings, shared, worker }: WorkerOrder): Lane {
  const ids = settings.backends.map(({ url }) => backendAddress(url).id)
  const { table, shared: cells } = view(shared.table, ids)
  const { algorithm, parameters } = algorithmOf(settings)
  const picker = algorithm.picker(table, {
    random: seeded(settings.seed + worker),
    shared: cells,
    settings: parameters,
  })
  // performance.now() starts at 0 in every thread, the system's monotonic clock does not.
  const [seconds, nanoseconds] = process.hrtime()
  const offset = seconds + nanoseconds / 1e9 - performance.now() / 1000
  return makeLane({
    settings,
    table,
    picker,
    counters: countersOf(shared.counters, worker, table.size),
    now: () => performance.now() / 1000 + offset,
  })
}

const order = workerData as WorkerOrder
const lane = start(order)
const sweeping = setInterval(() => sweep(lane), tick(order.settings) * 1000)

parentPort?.on('message', (message: WorkerMessage) => {
  if ('socket' in message) {
    accept(lane, message.socket)
    return
  }
  drain(lane, () => {
    clearInterval(sweeping)
    parentPort?.close()
  })
})
