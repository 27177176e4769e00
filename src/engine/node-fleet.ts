import type { EngineNode } from './engine.ts'
import type { Launched, Launcher } from './launcher.ts'
import { greetAgent, type RemoteAgent } from './remote-agent.ts'

/** How many nodes each role has; the agents of a launcher are in the order of these fields. */
export interface NodeRoles {
  readonly drivers: number
  /** At most one node each. */
  readonly backends: number
  readonly target: number
}

/** Agents that were started together, by the roles of their nodes. */
export interface NodeFleet {
  readonly launched: Launched
  readonly agents: readonly RemoteAgent[]
  readonly drivers: readonly RemoteAgent[]
  readonly backends: RemoteAgent | undefined
  readonly target: RemoteAgent | undefined
}

/** Agents to start. */
export interface NodeFleetOptions {
  readonly launcher: Launcher
  readonly roles: NodeRoles
  /** Seconds after which agents end, whatever happens. */
  readonly maxSeconds: number
  readonly signal: AbortSignal
}

/**
 * Starts agents, and ends them again unless all of them respond.
 *
 * @throws {UsageError} the engine is not installed, or a node cannot be used
 * @throws {ProcessError} a node did not respond
 */
export async function startNodeFleet({
  launcher,
  roles,
  maxSeconds,
  signal,
}: NodeFleetOptions): Promise<NodeFleet> {
  const launched = launcher.launch(maxSeconds)
  const { readySeconds } = launcher
  try {
    const greeting = { maxSeconds, readySeconds, signal }
    const agents = await Promise.all(launched.agents.map((port) => greetAgent(port, greeting)))
    const [drivers, others] = [agents.slice(0, roles.drivers), agents.slice(roles.drivers)]
    return {
      ...{ launched, agents, drivers },
      backends: roles.backends > 0 ? others[0] : undefined,
      target: roles.target > 0 ? others.at(-1) : undefined,
    }
  } catch (error) {
    await launched.stop()
    throw error
  }
}

/** The nodes of a fleet with so many drivers, one entry for each name. */
export function nodesOfFleet(
  { agents, drivers, backends, target }: NodeFleet,
  count: number,
): EngineNode[] {
  const byName = Map.groupBy(agents, ({ node }) => node)
  return [...byName].map(([name, own]): EngineNode => {
    const [{ cpus, clock }] = own as [RemoteAgent, ...RemoteAgent[]]
    const dealt = Array.from({ length: count }, (_, i) => drivers[i % drivers.length])
    return {
      name,
      drivers: dealt.filter((one) => one?.node === name).length,
      ...(backends?.node === name && { backends: true as const }),
      ...(target?.node === name && { target: true as const }),
      ...{ cpus, clockOffsetMs: clock.offsetMs, clockBoundMs: clock.boundMs },
    }
  })
}
