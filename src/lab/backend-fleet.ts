import type {
  BackendCounts,
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
  FaultsOptions,
  FaultTimeline,
} from '../backend/config.ts'
import type { Pause } from '../kit/pause.ts'
import type { BackendPlan } from '../plan/plan.ts'
import { assignBackends } from './assign-backends.ts'
import { urlOf } from './ports.ts'
import type { LabProcess } from './process.ts'

/** The mock backends of one trial, in one or several processes. Lists are in the order of the plan. */
export interface BackendFleet {
  readonly urls: readonly URL[]
  /** The address whose connections go to all backends by their weights, for a load without a balancer. */
  readonly entry: URL | undefined
  counts(): Promise<readonly BackendCounts[]>
  /** The longest waits in their queues since their start, and the last waits of their threads for a CPU. */
  queueWaits(): Promise<readonly Pause[]>
  /** Makes the backends count requests by time, and injects faults into them. */
  injectFaults(options: FaultsOptions): Promise<void>
  /**
   * Their counts by time, and when each fault began and ended.
   * @throws {ProcessError} a backend could not be restarted
   */
  faultTimeline(): Promise<FaultTimeline>
}

/** The backends to start. */
export interface BackendFleetOptions {
  readonly backends: readonly BackendPlan[]
  readonly seed: number
  readonly signal: AbortSignal
}

/** A process of backends, with its address where it runs on another host. */
type BackendProcess = Pick<LabProcess, 'call' | 'address'>

/** One process, with the indices of its backends in the plan. */
interface Part {
  readonly process: BackendProcess
  readonly indices: readonly number[]
}

/** Starts new backends, divided among these processes of one host; those of an earlier trial end. */
export async function startBackends(
  processes: readonly BackendProcess[],
  { backends, seed, signal }: BackendFleetOptions,
): Promise<BackendFleet> {
  // A server that runs already, on another host, has backends of its own.
  const assigned = processes.length === 0 ? [] : assignBackends(backends, processes.length)
  const parts = processes.map((process, i): Part => ({ process, indices: assigned[i] ?? [] }))
  const start = async ({ process, indices }: Part, entry: number) => {
    const config: BackendsConfig = {
      backends: indices.map((index) => backends[index] as BackendPlan),
      numbers: indices.map((index) => index + 1),
      seed,
      entry,
      ...(process.address !== undefined && { host: process.address }),
    }
    return process.call<BackendsReady>('start', config, { signal })
  }
  /** The backend of each injected fault. */
  let injected: readonly number[] = []
  // The first process has the heaviest backends; the others share its entry.
  const [first, ...others] = parts
  const ready = first === undefined ? [] : [await start(first, 0)]
  const entry = ready[0]?.entry
  ready.push(...(await Promise.all(others.map((one) => start(one, entry ?? 0)))))
  const ports = inPlanOrder(
    parts,
    ready.map((one) => one.ports),
  )
  return {
    urls: ports.map((port) => urlOf(port, first?.process.address)),
    entry: entry === undefined ? undefined : urlOf(entry, first?.process.address),
    async counts() {
      const counted = parts.map(({ process }) => process.call<BackendsCounts>('counts'))
      return inPlanOrder(
        parts,
        (await Promise.all(counted)).map((one) => one.backends),
      )
    },
    async queueWaits() {
      const waits = parts.map(({ process }) => process.call<Pause[]>('queueWaits'))
      return (await Promise.all(waits)).flat()
    },
    async injectFaults({ faults, ...options }) {
      injected = faults.map(({ backend }) => backend)
      await Promise.all(
        parts.map(({ process, indices }) => {
          const own = faults.flatMap((fault) => {
            const backend = indices.indexOf(fault.backend - 1) + 1
            return backend > 0 ? [{ ...fault, backend }] : []
          })
          return process.call('injectFaults', { ...options, faults: own } satisfies FaultsOptions)
        }),
      )
    },
    async faultTimeline() {
      const timelines = await Promise.all(
        parts.map(({ process }) => process.call<FaultTimeline>('faultTimeline')),
      )
      const received = timelines.map((one) => one.received)
      // Each process has the faults of its own backends, in the order of the plan.
      const moments = timelines.map(({ faults }) => [...faults])
      const partOf = (backend: number) =>
        parts.findIndex(({ indices }) => indices.includes(backend - 1))
      return {
        received: inPlanOrder(parts, received),
        faults: injected.map((backend) => moments[partOf(backend)]?.shift() ?? {}),
      }
    },
  }
}

/** One list in the order of the plan, of the lists of each process. */
function inPlanOrder<Value>(parts: readonly Part[], lists: readonly (readonly Value[])[]): Value[] {
  const all: Value[] = []
  for (const [i, { indices }] of parts.entries()) {
    for (const [own, index] of indices.entries()) all[index] = lists[i]?.[own] as Value
  }
  return all
}
