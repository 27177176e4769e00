import { UsageError } from '../kit/errors.ts'
import { type Engine, localEngine } from './engine.ts'
import type { EngineName } from './engine-names.ts'
import type { Launcher } from './launcher.ts'
import { nodeBeds } from './node-beds.ts'
import type { NodeRoles } from './node-fleet.ts'
import { type Nodes, type NodesOfRole, nodesOf } from './nodes.ts'
import { slurmLauncher } from './slurm.ts'
import { sshLauncher } from './ssh.ts'

/** An engine as flags describe it. */
export interface EngineOptions {
  readonly engine: EngineName
  readonly nodes?: string | undefined
  /** Number of drivers; without it, one on each of their nodes. */
  readonly drivers?: number | undefined
  /** Seconds after which everything on the nodes ends, whatever happens. */
  readonly maxSeconds: number
}

/**
 * The engine that flags describe.
 *
 * @throws {UsageError} its nodes are missing, or of another engine
 */
export async function engineOf({ engine, nodes, ...options }: EngineOptions): Promise<Engine> {
  if (engine === 'local') {
    if (nodes === undefined) return localEngine
    throw new UsageError(
      '--nodes is for drivers on other hosts',
      'add --engine ssh or --engine slurm; processes of this host: --drivers N',
    )
  }
  if (nodes === undefined) {
    throw new UsageError(
      `--engine ${engine} needs nodes`,
      engine === 'ssh' ? 'use --nodes drivers=host1,host2' : 'use --nodes drivers=3',
    )
  }
  const found = await nodesOf(nodes)
  const launcher = launcherOf(engine, found)
  const roles = rolesOf(found)
  return {
    name: engine,
    starts: { backends: roles.backends > 0, target: roles.target > 0 },
    beds: ({ signal }) => nodeBeds({ launcher, roles, ...options, network: found.network, signal }),
  }
}

function rolesOf({ drivers, backends = 0, target = 0 }: Nodes): NodeRoles {
  return {
    drivers: numberOf(drivers),
    backends: numberOf(backends),
    target: numberOf(target),
  }
}

function numberOf(nodes: NodesOfRole): number {
  return typeof nodes === 'number' ? nodes : nodes.length
}

/** Its agents are those of the drivers, then that of the backends, then that of the target. */
function launcherOf(engine: 'ssh' | 'slurm', nodes: Nodes): Launcher {
  const { command, node, lb } = nodes
  const how = { command, node, lb }
  const inOrder = (['drivers', 'backends', 'target'] as const).flatMap((role) =>
    nodes[role] === undefined ? [] : [{ role, of: nodes[role] }],
  )
  if (engine === 'ssh') {
    const hosts = inOrder.flatMap(({ role, of }) => {
      if (typeof of !== 'number') return of
      throw new UsageError(
        `--nodes ${role}=${of} names no hosts, which ssh needs`,
        `use --nodes ${role === 'drivers' ? 'drivers=host1,host2' : `${role}=host3`}`,
      )
    })
    return sshLauncher({ ...how, hosts })
  }
  if (inOrder.every(({ of }) => typeof of === 'number')) {
    return slurmLauncher({
      ...how,
      nodes: inOrder.reduce((sum, { of }) => sum + numberOf(of), 0),
    })
  }
  throw new UsageError(
    '--nodes names hosts, and Slurm chooses nodes itself',
    'use --nodes drivers=3; hosts by name: the option --nodelist in the field command of a file',
  )
}
