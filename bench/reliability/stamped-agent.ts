import { Agent, type AgentOptions } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections of which is known when they were begun. */
export interface StampedAgent {
  readonly agent: Agent
  /** Milliseconds since 1970 at which a connection of it was begun; on loopback it stood at once. */
  begunMs(socket: Duplex): number
}

/** Now, as other processes of this machine tell it. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}

/** An agent whose connections are stamped. */
export function stampedAgent(options: AgentOptions): StampedAgent {
  const agent = new Agent(options)
  const stamps = new WeakMap<Duplex, number>()
  const create = agent.createConnection.bind(agent)
  agent.createConnection = (order, callback) => {
    const begunMs = nowMs()
    const socket = create(order, callback)
    if (socket != null) stamps.set(socket, begunMs)
    return socket
  }
  return { agent, begunMs: (socket) => stamps.get(socket) ?? Number.NaN }
}
