import { ProcessError } from '../kit/errors.ts'
import type { TestBed } from '../lab/test-bed.ts'
import type { TestBeds } from '../lab/test-beds.ts'
import type { Launched, Launcher } from './launcher.ts'
import { type NodeProcess, startNodeProcess } from './node-process.ts'
import { greetAgent, type RemoteAgent } from './remote-agent.ts'

/** Drivers on nodes. */
export interface NodeBedsOptions {
  readonly launcher: Launcher
  /** Number of drivers; without it, one on each node. */
  readonly drivers?: number | undefined
  /** Seconds after which agents end, whatever happens. */
  readonly maxSeconds: number
  readonly signal: AbortSignal
  /** Test beds of this host, for the processes that are not on nodes. */
  readonly local: TestBeds
}

/** Agents that were started together, and the drivers that they keep for the next trial. */
interface Fleet {
  readonly launched: Launched
  readonly agents: readonly RemoteAgent[]
  drivers: readonly NodeProcess[]
}

/**
 * Test beds whose drivers are on nodes, and whose backends are on this host. Agents are started with the first lease and
 * serve the later ones, unless one of them is lost: then all are started again.
 */
export function nodeBeds(options: NodeBedsOptions): TestBeds {
  const { local } = options
  let fleet: Fleet | undefined
  const end = async (): Promise<void> => {
    const ending = fleet
    fleet = undefined
    await ending?.launched.stop()
  }
  return {
    async lease(placement) {
      if (fleet?.agents.some(({ isLost }) => isLost)) await end()
      fleet ??= await startFleet(options)
      const using = fleet
      if (using.drivers.length === 0) using.drivers = await startDrivers(using.agents, options)
      const { drivers } = using
      let alive = true
      for (const { exited } of drivers) void exited.then(() => (alive = false))
      // Without drivers of this host.
      const lease = await local.lease({
        ...placement,
        processes: { ...placement.processes, driver: [] },
      })
      let keep = false
      const endDrivers = async (): Promise<void> => {
        using.drivers = []
        await Promise.all(drivers.map((one) => one.stop()))
      }
      const dispose = async (): Promise<void> => {
        if (!keep || !alive) await endDrivers()
        await lease[Symbol.asyncDispose]()
      }
      const bed: TestBed = {
        ...{ drivers, backends: lease.bed.backends },
        get alive() {
          return alive && lease.bed.alive
        },
        [Symbol.asyncDispose]: dispose,
      }
      return {
        bed,
        keep() {
          keep = true
          lease.keep()
        },
        [Symbol.asyncDispose]: dispose,
      }
    },
    async [Symbol.asyncDispose]() {
      await end()
      await local[Symbol.asyncDispose]()
    },
  }
}

/** Starts agents, and ends them again unless all of them respond. */
async function startFleet({ launcher, maxSeconds, signal }: NodeBedsOptions): Promise<Fleet> {
  const launched = launcher.launch(maxSeconds)
  const { readySeconds } = launcher
  try {
    const greeting = { maxSeconds, readySeconds, signal }
    const agents = await Promise.all(launched.agents.map((port) => greetAgent(port, greeting)))
    return { launched, agents, drivers: [] }
  } catch (error) {
    await launched.stop()
    throw error
  }
}

async function startDrivers(
  agents: readonly RemoteAgent[],
  { drivers: of = agents.length }: NodeBedsOptions,
): Promise<NodeProcess[]> {
  return await Promise.all(
    Array.from({ length: of }, (_, i) => {
      const agent = agents[i % agents.length] as RemoteAgent
      const name = `driver ${i + 1} of ${of} on ${agent.node}`
      return startNodeProcess(agent, { program: 'driver', name }).catch((cause) => {
        throw new ProcessError(`${name} ${cause.message}`, 'See the log of the node.', { cause })
      })
    }),
  )
}
