import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { which } from '../host/which.ts'
import { type AvailableCpus, availableCpus } from './available-cpus.ts'

/** The CPUs that each role runs on. */
export interface Placement {
  readonly target: readonly number[]
  readonly driver: readonly number[]
  readonly backends: readonly number[]
  /** The CPUs of each driver and of each process of backends, out of those of its role. */
  readonly processes: Readonly<Record<'driver' | 'backends', readonly (readonly number[])[]>>
  /** Whether a role shares CPUs with another. */
  readonly shared: Readonly<Record<Role, boolean>>
  /** Whether the target has more workers than CPUs: its figures are then not those of so many cores. */
  readonly oversubscribed: boolean
  /** Whether the processes are pinned to these CPUs; otherwise the kernel may move them. */
  readonly pinned: boolean
}

const roles = ['target', 'driver', 'backends'] as const
export type Role = (typeof roles)[number]
type Sets = Readonly<Record<Role, readonly number[]>>

/** Options of a placement. */
export interface PlacementOptions {
  /** CPUs that may be used, in rising order. */
  readonly cpus: readonly number[]
  /** Number of workers of the target. */
  readonly cores: number
  /** Numbers of drivers and of processes of backends (default 1). */
  readonly drivers?: number
  readonly backendProcesses?: number
  /** Whether the target was started by others, so that it cannot be placed. */
  readonly external?: boolean
  /** Why processes cannot be pinned; undefined where they can. */
  readonly pinningError?: string | undefined
}

/**
 * Assigns CPUs to each role: first `cores` CPUs to the target, then the rest to driver and backends by their numbers of
 * processes, the odd one to the driver. Where no CPU is left for them, all roles share all CPUs. Each process has CPUs of
 * its own where its role has as many; otherwise it may use all of its role. Pure.
 */
export function place(options: PlacementOptions): Placement {
  const sets = divide(options)
  const { drivers = 1, backendProcesses = 1 } = options
  const shares = (role: Role) =>
    roles.some((other) => other !== role && sets[other].some((cpu) => sets[role].includes(cpu)))
  const shared = {
    target: shares('target'),
    driver: shares('driver'),
    backends: shares('backends'),
  }
  return {
    ...sets,
    processes: {
      driver: slices(sets.driver, drivers),
      backends: slices(sets.backends, backendProcesses),
    },
    shared,
    oversubscribed: options.cores > options.cpus.length,
    pinned: options.pinningError === undefined,
  }
}

function divide(options: PlacementOptions): Sets {
  const { cpus, cores, drivers = 1, backendProcesses = 1, pinningError } = options
  const rest = pinningError === undefined ? cpus.slice(cores) : []
  if (rest.length === 0) return { target: cpus, driver: cpus, backends: cpus }
  const target = cpus.slice(0, cores)
  if (rest.length === 1) return { target, driver: rest, backends: rest }
  const byProcesses = Math.round((rest.length * drivers) / (drivers + backendProcesses))
  const own = Math.min(rest.length - 1, Math.max(1, byProcesses))
  return { target, driver: rest.slice(0, own), backends: rest.slice(own) }
}

/** CPUs divided among so many processes; all of them to each where there are fewer CPUs. */
function slices(cpus: readonly number[], processes: number): (readonly number[])[] {
  const edge = (i: number) => Math.round((i * cpus.length) / processes)
  return Array.from({ length: processes }, (_, i) =>
    processes > cpus.length ? cpus : cpus.slice(edge(i), edge(i + 1)),
  )
}

/** The CPUs of this host that processes can be placed on. */
export interface PlacementHost extends Pick<PlacementOptions, 'cpus' | 'pinningError'> {
  readonly available: AvailableCpus
}

/**
 * The CPUs to place processes on, and whether pinning is possible. No more CPUs than the quota allows, since pinning to
 * more would only cause throttling.
 */
export async function placementHost(): Promise<PlacementHost> {
  const available = availableCpus()
  const cpus = available.list.slice(0, Math.max(1, Math.floor(available.count)))
  return { available, cpus, pinningError: await checkPinning(cpus) }
}

/** Why processes cannot be pinned on this host; undefined where they can. */
async function checkPinning(cpus: readonly number[]): Promise<string | undefined> {
  const taskset = which('taskset')
  if (taskset === undefined) return 'taskset (package util-linux) is not installed'
  try {
    await promisify(execFile)(taskset, ['-c', cpus.join(','), 'true'])
    return undefined
  } catch (error) {
    return `taskset was refused (${(error as Error).message.trim().split('\n').at(-1)})`
  }
}
