/** Processes of driver and backends. */
export interface ProcessCounts {
  readonly drivers: number
  readonly backendProcesses: number
}

/** What the numbers of processes depend on. */
export interface ProcessCountOptions {
  /** Requested numbers; undefined: by the costs below. */
  readonly drivers?: number | undefined
  readonly backendProcesses?: number | undefined
  /** Name of the driver. */
  readonly driver: string
  /** Workers of the target. */
  readonly cores: number
  /** CPUs of the host, and those that the target leaves to the others; 0: all share all. */
  readonly cpus: number
  readonly cpusLeft: number
  /** Connections and backends, which are the maximum numbers of their processes. */
  readonly connections: number
  readonly backends: number
}

/**
 * CPU-µs of a request at saturation: of the drivers, of the mock backends, and of the fastest target that is known, on
 * one host (docs/measurements/driver-cost.md). Only their ratios matter.
 */
const driverCosts: Readonly<Record<string, number>> = {
  autocannon: 40,
  lean: 14,
  'open-loop': 30,
  visits: 35,
  wrk: 13,
  h2load: 13,
}
const [unknownDriverCost, backendCost, fastestTargetCost] = [40, 15, 20]

/** CPU time that driver and backends need to spare, so that the target is the bottleneck. A judgement. */
const reserve = 1.25

/**
 * The numbers of driver and backend processes: as many as the fastest target on so many cores needs, each on a CPU of its
 * own; where there are fewer CPUs, these are divided by what a request costs each of the two, or each of the three where
 * the target shares them.
 */
export function processCounts(options: ProcessCountOptions): ProcessCounts {
  const { driver, cores, cpus, cpusLeft, connections, backends } = options
  const driverCost = driverCosts[driver] ?? unknownDriverCost
  const needed = (cost: number) => Math.ceil((reserve * cores * cost) / fastestTargetCost)
  const drivers = options.drivers ?? Math.min(connections, needed(driverCost))
  const backendProcesses = options.backendProcesses ?? Math.min(backends, needed(backendCost))
  if (drivers + backendProcesses <= cpusLeft) return { drivers, backendProcesses }
  if (cpusLeft === 0) {
    const share = (cost: number) =>
      Math.round((cpus * cost) / (driverCost + backendCost + fastestTargetCost))
    return {
      drivers: options.drivers ?? within(drivers, share(driverCost)),
      backendProcesses: options.backendProcesses ?? within(backendProcesses, share(backendCost)),
    }
  }
  const forDrivers = Math.round((cpusLeft * driverCost) / (driverCost + backendCost))
  return {
    drivers:
      options.drivers ??
      within(drivers, cpusLeft - (options.backendProcesses ?? cpusLeft - forDrivers)),
    backendProcesses:
      options.backendProcesses ??
      within(backendProcesses, cpusLeft - (options.drivers ?? forDrivers)),
  }
}

/** At least one, at most `max`. */
function within(number: number, max: number): number {
  return Math.max(1, Math.min(number, max))
}
