import { UsageError } from '../kit/errors.ts'
import { testBeds } from '../lab/test-beds.ts'
import { type Engine, localEngine } from './engine.ts'
import type { EngineName } from './engine-names.ts'
import type { Launcher } from './launcher.ts'
import { nodeBeds } from './node-beds.ts'
import { type Nodes, nodesOf } from './nodes.ts'
import { slurmLauncher } from './slurm.ts'
import { sshLauncher } from './ssh.ts'

/** An engine as flags describe it. */
export interface EngineOptions {
  readonly engine: EngineName
  readonly nodes?: string | undefined
  /** Number of drivers; without it, one on each node. */
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
  const launcher = launcherOf(engine, await nodesOf(nodes))
  return {
    name: engine,
    beds: ({ tempDir, signal }) =>
      nodeBeds({ launcher, ...options, signal, local: testBeds(tempDir) }),
  }
}

function launcherOf(engine: 'ssh' | 'slurm', { drivers, ...nodes }: Nodes): Launcher {
  if (engine === 'ssh') {
    if (typeof drivers !== 'number') return sshLauncher({ ...nodes, hosts: drivers })
    throw new UsageError(
      `--nodes drivers=${drivers} names no hosts, which ssh needs`,
      'use --nodes drivers=host1,host2',
    )
  }
  if (typeof drivers === 'number') return slurmLauncher({ ...nodes, nodes: drivers })
  throw new UsageError(
    '--nodes names hosts, and Slurm chooses nodes itself',
    'use --nodes drivers=3; hosts by name: the option --nodelist in the field command of a file',
  )
}
