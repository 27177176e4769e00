import { driveFleet } from '../../src/driver/fleet/drive-fleet.ts'
import { which } from '../../src/host/which.ts'
import { grouped } from '../../src/kit/units.ts'
import type { LabProcess } from '../../src/lab/process.ts'
import type { Load } from '../../src/plan/plan.ts'

/** Connections of every load. */
export const connections = 64

/** A driver at one load. */
export interface Arm {
  readonly name: string
  readonly module: string
  /** Requests per second of an open loop; undefined: a closed loop, at saturation. */
  readonly rate?: number | undefined
  /** Drives its load, for so many seconds; returns how late requests were sent, encoded, in an open loop. */
  readonly drive: (driver: LabProcess, url: string, seconds: number) => Promise<string | undefined>
}

const { signal } = new AbortController()

/** A load of so many seconds, without a warm-up. */
export function loadOf(driver: string, seconds: number, rate?: number): Load {
  return {
    driver,
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections,
    warmup: { least: 0, most: 0 },
    duration: seconds,
    timeout: 5,
    seed: 1,
    ...(rate !== undefined && { arrivals: { rate, spacing: 'poisson', maxInFlight: 1000 } }),
  }
}

/** autocannon as it comes. */
export const autocannon: Arm = {
  name: 'autocannon',
  module: '../support/autocannon-process.ts',
  async drive(process, url, duration) {
    await process.call('drive', { url, connections, duration }, { timeout: 60 })
    return undefined
  },
}

/** The lean driver at saturation: what a request costs in an open loop is compared with it. */
export const lean: Arm = ours('lean', 'lean')
/** wrk at saturation; undefined where it is not installed. */
export const wrk: Arm | undefined = which('wrk') === undefined ? undefined : ours('wrk', 'wrk')
const h2load = which('h2load') === undefined ? [] : [ours('h2load', 'h2load')]

/** The open loop at so many requests per second. */
export function openLoopAt(rate: number): Arm {
  return ours('open loop', 'open-loop', rate)
}

/** The drivers at saturation, and the open loop at these rates; that of the last is more than the others can. */
export const arms: readonly Arm[] = [
  autocannon,
  ours('autocannon, corrected', 'autocannon'),
  lean,
  ...(wrk === undefined ? [] : [wrk]),
  ...h2load,
  ...[1000, 5000, 20_000].map(openLoopAt),
]

function ours(name: string, driver: string, rate?: number): Arm {
  return {
    name: rate === undefined ? name : `${name}, ${grouped(rate)}/s`,
    module: '../../dist/src/driver/main.js',
    rate,
    async drive(process, url, seconds) {
      const load = loadOf(driver, seconds, rate)
      const { lateness } = await driveFleet([process], { load, url: new URL(url), signal })
      return lateness
    },
  }
}
