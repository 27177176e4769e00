import type { Lab } from '../../lab/lab.ts'
import { meterHost } from '../../meter/host.ts'
import { meterProcesses } from '../../meter/process.ts'
import type { ProcessCost } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'
import { hostDuring, unwatchedHost } from '../run/host-during.ts'
import { nodeMeters } from '../run/node-meters.ts'
import type { CpuSets } from '../verdict/evidence.ts'
import { hostsUndisturbed, runQueueWait } from '../verdict/host-checks.ts'

/** Watches the host of a load test, or its nodes, between opening and closing. */
export interface HostsWatch {
  open(): void
  close(): void
  /** What disturbed the load: the checks of a trial's host that it does not pass. */
  disturbances(load: {
    readonly seconds: number
    /** What the processes of the load cost. */
    readonly costs: readonly ProcessCost[]
    /** CPUs of this host that each role was pinned to. */
    readonly cpuSets: CpuSets
  }): Promise<Reason[]>
}

/** CPUs of this host where the load uses none. */
const noCpus: CpuSets = { target: [], driver: [], backends: [] }

/** A watch of this host, or, of a load whose processes are `elsewhere`, of the nodes that they run on. */
export function watchHosts(
  lab: Pick<Lab, 'elsewhere'>,
  { isElsewhere }: { readonly isElsewhere: boolean },
): HostsWatch {
  const host = meterHost()
  const ours = meterProcesses(() => [process.pid])
  const nodes = nodeMeters(lab)
  const all = [host, ours, nodes]
  return {
    open() {
      for (const one of all) one.open()
    },
    close() {
      for (const one of all) one.close()
    },
    async disturbances({ seconds: windowSeconds, costs, cpuSets }) {
      const measured = {
        windowSeconds,
        processes: [...costs],
        ...(isElsewhere
          ? { host: unwatchedHost, nodes: await nodes.uses() }
          : { host: hostDuring(host, { accounted: [...costs, ours.usage()] }) }),
      }
      const checks = [
        ...hostsUndisturbed({ measured, cpuSets: isElsewhere ? noCpus : cpuSets }),
        ...runQueueWait({ measured }),
      ]
      return checks.flatMap(({ failed }) => (failed === undefined ? [] : [failed]))
    },
  }
}
