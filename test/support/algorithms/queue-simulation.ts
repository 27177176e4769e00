import type { Algorithm, Settings } from '../../../src/algorithms/algorithm.ts'
import { type Random, seeded } from '../../../src/kit/random.ts'
import { pickerHarness } from './picker-harness.ts'

/** The departure time of a request that arrives at `now` at a server whose last request departs at `busyUntil`. */
export type Server = (now: number, busyUntil: number, random: Random) => number

/** A queue with one server and exponential service times, `rate` per second on average. */
export function queue(rate: number, slow: (now: number) => number = () => 1): Server {
  return (now, busyUntil, random) =>
    Math.max(now, busyUntil) - (Math.log(1 - random()) / rate) * slow(now)
}

/** Any number of servers with a service time of `seconds`. */
export function parallel(seconds: number): Server {
  return (now) => now + seconds
}

/** Options of a simulation. */
interface World {
  readonly servers: readonly Server[]
  /** Seconds between two arrivals. */
  readonly gap: (random: Random) => number
  readonly requests: number
  readonly seed: number
  readonly settings?: Settings
}

/** Poisson arrivals, `rate` per second. */
export function poisson(rate: number): World['gap'] {
  return (random) => -Math.log(1 - random()) / rate
}

/** The requests at one server, in the order in which they depart. */
interface Line {
  readonly came: number[]
  readonly leaves: number[]
  first: number
}

/**
 * Simulates arrivals, the picks of the real algorithm and the servers, on a clock of its own, and reports
 * for each request its server, its arrival and its time in the system in seconds.
 */
export function simulate(
  algorithm: Algorithm,
  { servers, gap, requests, seed, settings }: World,
  seen: (row: number, at: number, seconds: number) => void,
): void {
  // Separate, so that every algorithm gets the same arrivals.
  const arrivals = seeded(seed)
  const work = seeded(seed + 1_000_000)
  const random = seeded(seed + 2_000_000)
  const weights = servers.map(() => 1)
  const { table, picker } = pickerHarness(algorithm, {
    weights,
    random,
    ...(settings && { settings }),
  })
  const lines: Line[] = servers.map(() => ({ came: [], leaves: [], first: 0 }))
  const choice = { key: '', now: 0, tried: undefined }

  function letLeave(line: Line, row: number, now: number): void {
    while (line.first < line.leaves.length && (line.leaves[line.first] as number) <= now) {
      const at = line.leaves[line.first] as number
      picker.recordLatency?.(row, at - (line.came[line.first] as number), at)
      table.inFlight[row] = (table.inFlight[row] as number) - 1
      line.first++
    }
    if (line.first < 1000) return
    line.came.splice(0, line.first)
    line.leaves.splice(0, line.first)
    line.first = 0
  }

  for (let request = 0; request < requests; request++) {
    choice.now += gap(arrivals)
    lines.forEach((line, row) => {
      letLeave(line, row, choice.now)
    })
    const row = picker.pick(choice)
    table.inFlight[row] = (table.inFlight[row] as number) + 1
    const line = lines[row] as Line
    const leaves = (servers[row] as Server)(choice.now, line.leaves.at(-1) ?? 0, work)
    line.came.push(choice.now)
    line.leaves.push(leaves)
    seen(row, choice.now, leaves - choice.now)
  }
}
