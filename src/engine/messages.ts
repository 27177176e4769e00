import type { RpcMessage, RpcRequest } from '../kit/rpc.ts'
import type { ProcessCosts } from '../meter/process.ts'
import type { NodeUsage } from './node-usage.ts'

/** Programs that an agent starts. */
export type AgentProgram = 'driver' | 'backends' | 'balancer'

/** Messages to an agent. Processes have numbers that the coordinator chooses. */
export type ToAgent =
  /** Seconds after which it ends by itself, with all that it started. */
  | { readonly do: 'hello'; readonly maxSeconds: number }
  | { readonly do: 'ping'; readonly id: number }
  | { readonly do: 'start'; readonly process: number; readonly program: AgentProgram }
  /** Passes a request on to a process, at a moment of the agent's clock where there is one. */
  | {
      readonly do: 'send'
      readonly process: number
      readonly request: RpcRequest
      readonly atMs?: number
    }
  | { readonly do: 'stop'; readonly process: number }
  /** Reads the CPU time and memory of a process between two such messages. */
  | { readonly do: 'meter'; readonly process: number; readonly edge: 'open' | 'close' }
  /** Reads how the node is used between two such messages. */
  | { readonly do: 'watch'; readonly edge: 'open' | 'close' }
  | { readonly do: 'alive' }
  | { readonly do: 'end' }

/** Messages from an agent. */
export type FromAgent =
  | ({ readonly is: 'hello' } & AgentFacts)
  | { readonly is: 'pong'; readonly id: number; readonly atMs: number }
  | { readonly is: 'started'; readonly process: number; readonly pid: number }
  | { readonly is: 'message'; readonly process: number; readonly message: RpcMessage }
  /** A request was passed on that had to wait for its moment. */
  | { readonly is: 'sent'; readonly process: number; readonly atMs: number }
  | {
      readonly is: 'ended'
      readonly process: number
      /** How, as the predicate of a sentence, and the end of its log. */
      readonly reason: string
      readonly logTail: string
    }
  | { readonly is: 'costs'; readonly process: number; readonly costs: ProcessCosts }
  | { readonly is: 'usage'; readonly usage: NodeUsage }
  | { readonly is: 'alive' }

/** An agent and its node. */
export interface AgentFacts {
  /** Name of the node, where its engine has named it. */
  readonly node?: string | undefined
  /** Versions of lb and of Node. */
  readonly lb: string
  readonly nodeVersion: string
  /** CPUs that its processes may use. */
  readonly cpus: number
  /** Its addresses, the most likely one to be reached by other nodes first. */
  readonly addresses: readonly string[]
}
