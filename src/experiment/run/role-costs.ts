import { cpusOf } from '../../engine/cpus-of.ts'
import { isNodeProcess } from '../../engine/node-process.ts'
import type { Placement, Role } from '../../lab/cores.ts'
import type { Lab } from '../../lab/lab.ts'
import type { Arm } from '../../plan/plan.ts'
import type { ProcessCost } from '../../result/document.ts'
import type { RoleMeter } from './role-meters.ts'

/** The meters of a trial, and what its processes could use. */
export interface RoleCostsOptions {
  readonly meters: ReadonlyMap<Role, RoleMeter>
  readonly arm: Pick<Arm, 'cores'>
  readonly placement: Placement
  readonly lab: Pick<Lab, 'elsewhere'>
}

const roles = ['target', 'driver', 'backends'] as const satisfies readonly Role[]

/** The costs of each role in the window, with the CPUs that it could use: those of its nodes, where it runs on some. */
export async function roleCosts({
  meters,
  ...options
}: RoleCostsOptions): Promise<readonly ProcessCost[]> {
  const costs = roles.map(async (role): Promise<ProcessCost[]> => {
    const found = await meters.get(role)?.usage()
    if (found === undefined) return []
    const { course: timeline, ...usage } = found
    return [{ role, ...cpusFor(role, options), ...usage, timeline }]
  })
  return (await Promise.all(costs)).flat()
}

function cpusFor(
  role: Role,
  { arm, placement, lab }: Omit<RoleCostsOptions, 'meters'>,
): Pick<ProcessCost, 'cpusGiven' | 'sharedCpus'> {
  const nodesOf = (one: Role) => lab.elsewhere[one].map(({ host }) => host)
  const onNodes = lab.elsewhere[role].filter(isNodeProcess)
  if (onNodes.length > 0) {
    const others = roles.filter((one) => one !== role).flatMap(nodesOf)
    return {
      cpusGiven: cpusOf(onNodes, role === 'target' ? arm.cores : 1),
      sharedCpus: nodesOf(role).some((node) => others.includes(node)),
    }
  }
  // Processes of driver and backends are single-threaded: more CPUs would not help them.
  const threads = role === 'target' ? arm.cores : placement.processes[role].length
  return {
    cpusGiven: Math.min(threads, placement[role].length),
    sharedCpus: placement.shared[role],
  }
}
