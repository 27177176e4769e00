import { ProcessError } from '../kit/errors.ts'
import type { TestBed } from '../lab/test-bed.ts'
import type { EngineBeds, EngineNode } from './engine.ts'
import { addressOf } from './node-addresses.ts'
import {
  type NodeFleet,
  type NodeFleetOptions,
  nodesOfFleet,
  startNodeFleet,
} from './node-fleet.ts'
import { type NodeProcess, type NodeProgram, startNodeProcess } from './node-process.ts'
import type { RemoteAgent } from './remote-agent.ts'

/** Processes on nodes. */
export interface NodeBedsOptions extends NodeFleetOptions {
  /** Number of drivers; without it, one on each of their nodes. */
  readonly drivers?: number | undefined
  /** The network by which nodes reach each other (CIDR); without it, the first address of each. */
  readonly network?: string | undefined
}

/** Processes that serve several trials. */
interface KeptProcesses {
  readonly drivers: readonly NodeProcess[]
  readonly backends: readonly NodeProcess[]
}

/**
 * Test beds whose drivers are on nodes, and backends and target, where they have nodes. Agents are started with the first
 * lease and serve the later ones, unless one of them is lost: then all are started again.
 */
export function nodeBeds(options: NodeBedsOptions): EngineBeds {
  let fleet: NodeFleet | undefined
  let kept: KeptProcesses | undefined
  let nodes: readonly EngineNode[] = []
  const endKept = async (): Promise<void> => {
    const ending = kept
    kept = undefined
    await Promise.all([...(ending?.drivers ?? []), ...(ending?.backends ?? [])].map(stopped))
  }
  const end = async (): Promise<void> => {
    const ending = fleet
    fleet = undefined
    kept = undefined
    await ending?.launched.stop()
  }
  return {
    isElsewhere: true,
    get nodes() {
      return nodes
    },
    async readClocks() {
      const rates = await Promise.all(
        (fleet?.agents ?? []).map(async ({ node, readRate }) => [node, await readRate()] as const),
      )
      const byNode = new Map(rates)
      nodes = nodes.map((node) => {
        const found = byNode.get(node.name)
        return found === undefined
          ? node
          : { ...node, clockRate: found.rate, clockRateBound: found.bound }
      })
    },
    async lease({ processes }) {
      if (fleet?.agents.some(({ isLost }) => isLost)) await end()
      fleet ??= await startNodeFleet(options)
      const { target, backends } = fleet
      const wanted = backends === undefined ? 0 : Math.max(1, processes.backends.length)
      if (kept !== undefined && kept.backends.length !== wanted) await endKept()
      kept ??= await startKept(fleet, wanted, options)
      const using = kept
      nodes = nodesOfFleet(fleet, using.drivers.length)
      let [alive, keep] = [true, false]
      for (const { exited } of [...using.drivers, ...using.backends]) {
        void exited.then(() => (alive = false))
      }
      const dispose = async (): Promise<void> => {
        if ((!keep || !alive) && kept === using) await endKept()
      }
      const bed: TestBed = {
        ...using,
        ...(target && { targetHost: targetHost(target, options.network) }),
        get alive() {
          return alive
        },
        [Symbol.asyncDispose]: dispose,
      }
      return {
        bed,
        keep() {
          keep = true
        },
        [Symbol.asyncDispose]: dispose,
      }
    },
    [Symbol.asyncDispose]: end,
  }
}

function stopped(process: NodeProcess): Promise<void> {
  return process.stop()
}

/** Starts drivers, dealt out in turn, and so many processes of backends. */
async function startKept(
  { drivers: agents, backends }: NodeFleet,
  wanted: number,
  { drivers: count = agents.length, network }: NodeBedsOptions,
): Promise<KeptProcesses> {
  const [drivers, servers] = await Promise.all([
    Promise.all(
      Array.from({ length: count }, (_, i) => {
        const agent = agents[i % agents.length] as RemoteAgent
        const name = `driver ${i + 1} of ${count} on ${agent.node}`
        return startOn(agent, { program: 'driver', name })
      }),
    ),
    Promise.all(
      Array.from({ length: wanted }, (_, i) => {
        const agent = backends as RemoteAgent
        const name = `process ${i + 1} of ${wanted} of the backends on ${agent.node}`
        return startOn(agent, { program: 'backends', name, address: addressOf(agent, network) })
      }),
    ),
  ])
  return { drivers, backends: servers }
}

function targetHost(agent: RemoteAgent, network: string | undefined): TestBed['targetHost'] {
  const address = addressOf(agent, network)
  return {
    address,
    start: (name) =>
      startOn(agent, { program: 'balancer', name: `${name} on ${agent.node}`, address }),
  }
}

async function startOn(agent: RemoteAgent, program: NodeProgram): Promise<NodeProcess> {
  try {
    return await startNodeProcess(agent, program)
  } catch (cause) {
    const { message } = cause as Error
    throw new ProcessError(`${program.name} ${message}`, 'See the log of the node.', { cause })
  }
}
