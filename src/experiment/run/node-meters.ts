import { isNodeProcess } from '../../engine/node-process.ts'
import type { NodeUsage } from '../../engine/node-usage.ts'
import type { NodeWatch } from '../../engine/node-watch.ts'
import type { Role } from '../../lab/cores.ts'
import type { Lab } from '../../lab/lab.ts'
import type { NodeUse } from '../../result/schemas/measurement.ts'

/** Reads how the nodes of a trial were used between opening and closing a window. */
export interface NodeMeters {
  open(): void
  close(): void
  /** Each node that is not lost; none of a trial on this host. */
  uses(): Promise<NodeUse[]>
}

/** A node, its roles, and its agents: one for each time that `--nodes` names it. */
interface WatchedNode {
  readonly name: string
  readonly roles: readonly Role[]
  readonly cpus: number
  readonly watches: readonly NodeWatch[]
}

const roles = ['target', 'driver', 'backends'] as const satisfies readonly Role[]

/** Meters of the nodes that processes of a lab run on. */
export function nodeMeters({ elsewhere }: Pick<Lab, 'elsewhere'>): NodeMeters {
  const nodes = nodesOf(elsewhere)
  const watches = nodes.flatMap((node) => node.watches)
  return {
    open() {
      for (const one of watches) one.open()
    },
    close() {
      for (const one of watches) one.close()
    },
    uses: async () => (await Promise.all(nodes.map(useOf))).flat(),
  }
}

function nodesOf(elsewhere: Lab['elsewhere']): WatchedNode[] {
  const placed = roles.flatMap((role) =>
    elsewhere[role].filter(isNodeProcess).map((process) => ({ role, process })),
  )
  const byNode = Map.groupBy(placed, ({ process }) => process.remote.node)
  return [...byNode].map(([name, own]) => ({
    name,
    roles: [...new Set(own.map(({ role }) => role))],
    cpus: Math.max(...own.map(({ process }) => process.nodeCpus)),
    watches: [...new Set(own.map(({ process }) => process.watch))],
  }))
}

/** CPU time that no agent of the node accounts for is that of other programs. */
async function useOf({ watches, name, ...node }: WatchedNode): Promise<NodeUse[]> {
  const found = await Promise.all(watches.map((one) => one.usage()))
  const known = found.filter((one): one is NodeUsage => one !== undefined)
  const [first] = known
  if (first === undefined || known.length < watches.length) return []
  const { busySeconds, ownSeconds: _, pressureSeconds, ...rest } = first
  const own = known.reduce((sum, { ownSeconds }) => sum + ownSeconds, 0)
  return [
    {
      ...{ name, roles: [...node.roles], cpus: node.cpus },
      ...rest,
      foreignSeconds: Math.max(0, busySeconds - own),
      ...(pressureSeconds !== undefined && { pressureSeconds }),
    },
  ]
}
