import { Agent, type AgentOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import { nowMs } from './attempt.ts'

/** An agent that knows when its connections were opened. */
export interface TimestampedAgent {
  readonly agent: Agent
  /** When a connection was opened, in milliseconds since 1970; on loopback it is established at once. */
  openedMs(socket: Duplex): number
}

/** An agent whose connections are timestamped. */
export function timestampedAgent(options: AgentOptions): TimestampedAgent {
  const agent = new Agent(options)
  const openedAt = new WeakMap<Duplex, number>()
  const create = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const openedMs = nowMs()
    const socket = create(options, callback)
    if (socket != null) openedAt.set(socket, openedMs)
    return socket
  }
  return { agent, openedMs: (socket) => openedAt.get(socket) ?? Number.NaN }
}
