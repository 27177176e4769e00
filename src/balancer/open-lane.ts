import { view } from '../algorithms/table.ts'
import { seeded } from '../kit/random.ts'
import { algorithmOf } from './algorithm-of.ts'
import { backendAddress } from './backend-address.ts'
import { burning } from './burning.ts'
import type { BalancerSettings } from './config.ts'
import { countersOf } from './counters.ts'
import type { Lane } from './lane.ts'
import { makeLane, sweep } from './proxy.ts'
import type { Shared } from './shared.ts'

/** What the data path of one worker starts from. */
export interface LaneOrder {
  readonly settings: BalancerSettings
  readonly shared: Shared
  /** Which worker it is, from 0. */
  readonly worker: number
}

/** Starts the data path of one worker in this thread. */
export function openLane({ settings, shared, worker }: LaneOrder): {
  readonly lane: Lane
  close(): void
} {
  const ids = settings.backends.map(({ url }) => backendAddress(url).id)
  const { table, shared: cells } = view(shared.table, ids)
  const { algorithm, parameters } = algorithmOf(settings)
  const picker = algorithm.picker(table, {
    random: seeded(settings.seed + worker),
    shared: cells,
    settings: parameters,
  })
  const counters = countersOf(shared.counters, worker, table.size)
  const picks = burning(picker, settings.burn)
  const lane = makeLane({ settings, table, picker: picks, counters, now: sharedClock() })
  const sweeping = setInterval(() => sweep(lane), tick(settings) * 1000)
  return { lane, close: () => clearInterval(sweeping) }
}

/** Seconds between two looks for what is overdue: a quarter of the shortest time-out, within reason. */
function tick({ timeouts }: BalancerSettings): number {
  return Math.min(Math.max(Math.min(...Object.values(timeouts)) / 4, 0.01), 0.25)
}

/** Seconds on the system's monotonic clock; performance.now() alone starts at 0 in every thread. */
function sharedClock(): () => number {
  const [seconds, nanoseconds] = process.hrtime()
  const offset = seconds + nanoseconds / 1e9 - performance.now() / 1000
  return () => performance.now() / 1000 + offset
}
