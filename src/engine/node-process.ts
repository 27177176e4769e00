import { setTimeout as wait } from 'node:timers/promises'
import type { RemoteDriver } from '../driver/fleet/fleet-member.ts'
import type { RpcMessage, RpcRequest } from '../kit/rpc.ts'
import type { Exit, LabProcess, Running } from '../lab/process.ts'
import { openRpcChannel } from '../lab/rpc-channel.ts'
import type { ProcessCosts } from '../meter/process.ts'
import type { AgentProgram, FromAgent } from './messages.ts'
import type { ClockOffset } from './node-clock.ts'
import type { NodeWatch } from './node-watch.ts'
import type { RemoteAgent } from './remote-agent.ts'

/** Milliseconds that a process may take to end before it is left to its agent. */
const stopMs = 1500
/** Milliseconds from the decision to begin until drivers begin, besides the round trip. */
const leadMs = 50

/** A process of `lb` on a node, which serves calls as one of this host does. */
export interface NodeProcess extends LabProcess {
  readonly clock: ClockOffset
  /** CPUs of its node. */
  readonly nodeCpus: number
  readonly remote: RemoteDriver
  /** CPU time and memory, read on its node. */
  readonly meter: NodeMeter
  /** Over how its node is used: of its agent, which other processes may have, too. */
  readonly watch: NodeWatch
}

/** Reads the costs of one process on its node between opening and closing a window. */
interface NodeMeter {
  open(): void
  close(): void
  /** The costs in between; undefined where the process is lost. */
  costs(): Promise<ProcessCosts | undefined>
}

/** Whether a process runs on a node, under an agent. */
export function isNodeProcess(process: Running): process is NodeProcess {
  return 'remote' in process
}

let processes = 0

/** A process for an agent to start. */
export interface NodeProgram {
  readonly program: AgentProgram
  /** Its name in messages. */
  readonly name: string
  /** The address at which other nodes reach it, where it is a server. */
  readonly address?: string | undefined
}

/**
 * Has an agent start a program.
 *
 * @throws {Error} it could not be started; the message is the predicate of a sentence
 */
export function startNodeProcess(
  agent: RemoteAgent,
  { program, name, address }: NodeProgram,
): Promise<NodeProcess> {
  const process = processes++
  const { node, clock, cpus, watch } = agent
  const messages: ((message: RpcMessage) => void)[] = []
  const started = Promise.withResolvers<{ readonly pid: number }>()
  const ended = Promise.withResolvers<{ readonly reason: string; readonly logTail: string }>()
  // Of the last window: a process serves several trials.
  let costs = Promise.withResolvers<ProcessCosts>()
  let sent = Promise.withResolvers<number>()
  const stopListening = agent.on(process, (message: FromAgent) => {
    if (message.is === 'message') for (const listener of messages) listener(message.message)
    else if (message.is === 'started') started.resolve(message)
    else if (message.is === 'sent') sent.resolve(message.atMs)
    else if (message.is === 'costs') costs.resolve(message.costs)
    else if (message.is === 'ended') ended.resolve(message)
  })
  void agent.lost.then((reason) =>
    ended.resolve({ reason: `is lost: its node ${reason}`, logTail: '' }),
  )
  let hasEnded = false
  const exited = ended.promise.then(({ reason }): Exit => {
    hasEnded = true
    stopListening()
    return { code: null, signal: null, reason }
  })
  const channel = openRpcChannel(
    {
      on: (_, listener) => messages.push(listener),
      send(request: RpcRequest, done) {
        if (hasEnded) return done(new Error('it has ended'))
        const atMs = request.ask === 'begin' ? momentIn(request.with) : undefined
        agent.send({ do: 'send', process, request, ...(atMs !== undefined && { atMs }) })
      },
    },
    name,
    ended.promise,
  )
  const stop = async (): Promise<void> => {
    agent.send({ do: 'stop', process })
    await Promise.race([exited, wait(stopMs, undefined, { ref: false })])
  }
  agent.send({ do: 'start', process, program })
  const failed = ended.promise.then(({ reason }) => {
    throw new Error(reason)
  })
  failed.catch(() => undefined)
  return Promise.race([started.promise, failed]).then(({ pid }) => ({
    ...{ name, host: node, address, clock, nodeCpus: cpus, pid, log: undefined },
    ...{ exited, ...channel, stop, watch },
    remote: {
      node,
      leadMs: leadMs + 8 * clock.boundMs,
      async beginAt(atMs) {
        sent = Promise.withResolvers<number>()
        await channel.call('begin', { atMs: atMs + clock.offsetMs })
        return { atMs: (await sent.promise) - clock.offsetMs, boundMs: clock.boundMs }
      },
    },
    meter: {
      open() {
        costs = Promise.withResolvers()
        agent.send({ do: 'meter', process, edge: 'open' })
      },
      close: () => agent.send({ do: 'meter', process, edge: 'close' }),
      costs: () => Promise.race([costs.promise, exited.then(() => undefined)]),
    },
    [Symbol.asyncDispose]: stop,
  }))
}

function momentIn(payload: unknown): number | undefined {
  return (payload as { readonly atMs?: number } | null)?.atMs
}
