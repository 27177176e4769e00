import type { FromAgent, ToAgent } from './messages.ts'

/** The connection to one agent, as its engine carries it. */
export interface AgentPort {
  /** The node, unless its agent has another name for it. */
  readonly node: string
  send(message: ToAgent): void
  /** Sets the one listener for messages of the agent. */
  listen(listener: (message: FromAgent) => void): void
  /** Why the engine says that the agent has ended, as the predicate of a sentence; never rejects. */
  readonly ended: Promise<string>
}

/** Agents that were started together. */
export interface Launched {
  readonly agents: readonly AgentPort[]
  /** Ends all of them, at the latest by force. Never rejects. */
  stop(): Promise<void>
}

/** The part of an engine that is its own: it places and starts agents, carries their messages, and says which one ended. */
export interface Launcher {
  /** Seconds within which an agent must have responded. */
  readonly readySeconds: number
  /**
   * Starts an agent on each node.
   * @param maxSeconds after which the engine ends them, whatever happens
   * @throws {UsageError} the engine is not installed
   */
  launch(maxSeconds: number): Launched
}
