import { skewOf } from '../cli/simulate-flags.ts'
import { UsageError } from '../kit/errors.ts'
import { percent, rounded } from '../kit/units.ts'
import { arrivalsOf, type LogArrivals, replayed } from '../logs/log-arrivals.ts'
import { logLines } from '../logs/log-lines.ts'
import { type ReadLog, readLog } from '../logs/read-log.ts'
import type { Scenario } from '../plan/scenario.ts'
import type { ChoiceLog } from '../result/choice.ts'
import type { World } from '../simulator/options.ts'
import { serviceOf } from '../simulator/service-text.ts'
import { stabilityOf } from '../simulator/stability.ts'
import { worldOf } from '../simulator/world-of-scenario.ts'

/** Values of the flags of `lb choose` that describe the world. Times in seconds. */
export interface ChoiceWorldFlags {
  readonly log?: string | undefined
  readonly 'log-format'?: string | undefined
  readonly 'allow-unparsed': boolean
  readonly speed?: number | undefined
  readonly rate?: number | undefined
  readonly load?: number | undefined
  readonly arrivals?: 'constant' | 'poisson' | 'bursts' | 'sessions' | undefined
  readonly clients: number
  readonly skew: string
  readonly backends?: number | undefined
  readonly 'service-time'?: string | undefined
  readonly concurrency?: number | undefined
  readonly queue?: number | undefined
  readonly timeout?: number | undefined
  readonly requests?: number | undefined
  readonly horizon?: number | undefined
}

/** What is simulated, and the log that its arrivals are from. */
interface ChoiceWorld {
  readonly world: World
  readonly log: ChoiceLog | undefined
}

/** Requests of a log that are read, and the maximum of a replication, unless a flag has another number. */
const usualRequests = 100_000

/**
 * The world of a choice: the backends of a scenario, with its arrivals or those of a log.
 *
 * @throws {UsageError} the log or the flags cannot be used, or the load is more than the backends can serve
 */
export async function choiceWorld(
  scenario: Scenario,
  flags: ChoiceWorldFlags,
  seed: number,
): Promise<ChoiceWorld> {
  const { log: path, requests, rate, load, arrivals, horizon } = flags
  if (path === undefined) {
    const keys = { count: flags.clients, skew: skewOf(flags.skew) }
    const own = { rate, load, arrivals, keys, requests, horizon }
    const world = worldOf(scenario, { ...backendsOf(flags), ...own })
    checkStable(world, flags)
    const isSteady = requests === undefined && world.warmup === 'mser'
    const bound = isSteady ? usualRequests : world.requests
    return { world: { ...world, requests: Math.min(world.requests, bound) }, log: undefined }
  }
  const log = await readLog(logLines(path), {
    format: flags['log-format'],
    maxEntries: requests ?? usualRequests,
    allowUnparsed: flags['allow-unparsed'],
  })
  const { speed = 1 } = flags
  const found = replayed(arrivalsOf(log, seed), { speed, horizon })
  const world = worldOfLog(worldOf(scenario, { rate: 1, ...backendsOf(flags) }), found)
  checkStable(world, flags)
  return { world, log: describedLog(log, found, { path, speed }) }
}

function backendsOf({ backends, concurrency, queue, timeout, ...flags }: ChoiceWorldFlags) {
  const service = flags['service-time']
  return {
    ...{ backends, queue, timeout, servers: concurrency },
    service: service === undefined ? undefined : serviceOf(service),
  }
}

/** The complete log counts, from empty queues: its load need not be steady, so that no part of it is a warm-up. */
function worldOfLog(world: World, { times, keys }: LogArrivals): World {
  return {
    ...world,
    arrivals: { kind: 'trace', times, keys },
    requests: times.length,
    warmup: 'none',
  }
}

function checkStable(world: World, { log, horizon }: ChoiceWorldFlags): void {
  const { rate, capacity, load } = stabilityOf(world)
  if (log !== undefined && rate === 0) {
    throw new UsageError(
      `the log has fewer than two different arrivals${horizon === undefined ? '' : ' within the --horizon'}`,
      'give a log of several requests, or a longer --horizon',
    )
  }
  if (load < 1 || horizon !== undefined || world.faults !== undefined) return
  const [source, remedy] =
    log === undefined
      ? ['', 'use a lower --rate or --load, or simulate a limited time: --horizon 10s']
      : [
          ' of the log',
          'use a scenario with your backends, a lower --speed, or simulate a limited time: --horizon 10s',
        ]
  throw new UsageError(
    `the ${rounded(rate)} req/s${source} are ${percent(load)} of what the backends can serve (${rounded(capacity)} req/s): queues would grow to the end`,
    remedy,
  )
}

function describedLog(
  { format, entries, lines, unparsed, firstUnparsed, isTruncated }: ReadLog,
  { times, keys }: LogArrivals,
  { path, speed }: { readonly path: string; readonly speed: number },
): ChoiceLog {
  return {
    ...{ path, format: format.name, lines, unparsed, isTruncated, speed },
    ...(firstUnparsed && { firstUnparsed }),
    seconds: times.at(-1) ?? 0,
    clients: new Set(keys).size,
    isSpread: format.resolutionMs > 1,
    lacksDurations: format.time === 'end' && entries.some(({ tookMs }) => tookMs === undefined),
  }
}
