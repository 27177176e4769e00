import { isNodeProcess, type NodeProcess } from '../../engine/node-process.ts'
import type { Role } from '../../lab/cores.ts'
import type { Lab } from '../../lab/lab.ts'
import { meterProcesses, type ProcessCosts } from '../../meter/process.ts'
import { processFamily } from '../../meter/process-family.ts'
import { sumOfCosts } from '../../meter/sum-of-costs.ts'

/** Reads the costs of the processes of one role between opening and closing a window. */
export interface RoleMeter {
  open(): void
  close(): void
  /** The costs in between; undefined where all of them are lost. */
  usage(): Promise<ProcessCosts | undefined>
}

const roles = ['target', 'driver', 'backends'] as const satisfies readonly Role[]

/** A meter for each role that has processes: of this host here, of other hosts there. */
export function roleMeters({
  pids,
  elsewhere,
}: Pick<Lab, 'pids' | 'elsewhere'>): Map<Role, RoleMeter> {
  return new Map(
    roles.flatMap((role): [Role, RoleMeter][] => {
      const onNodes = elsewhere[role].filter(isNodeProcess)
      if (onNodes.length > 0) return [[role, nodesMeter(onNodes)]]
      const own = pids[role]
      return own.length === 0 ? [] : [[role, hostMeter(own)]]
    }),
  )
}

function hostMeter(pids: readonly number[]): RoleMeter {
  const { open, close, usage } = meterProcesses(() => processFamily(...pids))
  return { open, close, usage: async () => usage() }
}

function nodesMeter(processes: readonly NodeProcess[]): RoleMeter {
  const meters = processes.map(({ meter }) => meter)
  return {
    open() {
      for (const one of meters) one.open()
    },
    close() {
      for (const one of meters) one.close()
    },
    async usage() {
      const costs = await Promise.all(meters.map((one) => one.costs()))
      const [first, ...others] = costs.filter((one) => one !== undefined)
      return first && sumOfCosts([first, ...others])
    },
  }
}
