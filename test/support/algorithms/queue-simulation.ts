import type { Algorithm, Settings } from '../../../src/algorithms/algorithm.ts'
import { type Random, seeded } from '../../../src/kit/random.ts'
import { pickerHarness } from './picker-harness.ts'

/** When a request that comes at `now` leaves a server whose last one leaves at `busyUntil`. */
export type Server = (now: number, busyUntil: number, random: Random) => number

/** A queue before one worker that takes exponential times, `rate` a second on average. */
export function queue(rate: number, slow: (now: number) => number = () => 1): Server {
  return (now, busyUntil, random) =>
    Math.max(now, busyUntil) - (Math.log(1 - random()) / rate) * slow(now)
}

/** Any number of workers that all take `seconds`. */
export function parallel(seconds: number): Server {
  return (now) => now + seconds
}

/** What a simulation is made of. */
interface World {
  readonly servers: readonly Server[]
  /** Seconds between two arrivals. */
  readonly gap: (random: Random) => number
  readonly requests: number
  readonly seed: number
  readonly settings?: Settings
}

/** Requests that come independently of each other, `rate` a second. */
export function poisson(rate: number): World['gap'] {
  return (random) => -Math.log(1 - random()) / rate
}

/** The requests at one server, in the order in which they leave. */
interface Line {
  readonly came: number[]
  readonly leaves: number[]
  first: number
}

/**
 * Lets requests come, the real algorithm choose and the servers work, on a clock of its own, and tells
 * of each request where it went, when it came and how many seconds it stayed.
 */
export function simulate(
  algorithm: Algorithm,
  { servers, gap, requests, seed, settings }: World,
  seen: (row: number, at: number, seconds: number) => void,
): void {
  // Apart, so that every algorithm meets the same arrivals.
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
