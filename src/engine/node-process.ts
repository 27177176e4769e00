import { setTimeout as wait } from 'node:timers/promises'
import type { RemoteDriver } from '../driver/fleet/fleet-member.ts'
import type { RpcMessage, RpcRequest } from '../kit/rpc.ts'
import type { Exit, LabProcess } from '../lab/process.ts'
import { openRpcChannel } from '../lab/rpc-channel.ts'
import type { ProcessCosts } from '../meter/process.ts'
import type { AgentProgram, FromAgent } from './messages.ts'
import type { ClockOffset } from './node-clock.ts'
import type { RemoteAgent } from './remote-agent.ts'

/** Milliseconds that a process may take to end before it is left to its agent. */
const stopMs = 1500
/** Milliseconds from the decision to begin until drivers begin, besides the round trip. */
const leadMs = 50

/** A process of `lb` on a node, which serves calls as one of this host does. */
export interface NodeProcess extends LabProcess {
  readonly clock: ClockOffset
  readonly remote: RemoteDriver
  /** CPU time and memory, read on its node. */
  readonly meter: NodeMeter
}

/** Reads the costs of one process on its node between opening and closing a window. */
interface NodeMeter {
  open(): void
  close(): void
  /** The costs in between; undefined where the process is lost. */
  costs(): Promise<ProcessCosts | undefined>
}

/** Whether a process runs on a node, under an agent. */
export function isNodeProcess(process: LabProcess): process is NodeProcess {
  return 'remote' in process
}

let processes = 0

/** Has an agent start a program. */
export function startNodeProcess(
  agent: RemoteAgent,
  { program, name }: { readonly program: AgentProgram; readonly name: string },
): Promise<NodeProcess> {
  const process = processes++
  const { node, clock } = agent
  const messages: ((message: RpcMessage) => void)[] = []
  const started = Promise.withResolvers<{ readonly pid: number }>()
  const ended = Promise.withResolvers<{ readonly reason: string; readonly logTail: string }>()
  const costs = Promise.withResolvers<ProcessCosts | undefined>()
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
  const exited = ended.promise.then((): Exit => {
    stopListening()
    costs.resolve(undefined)
    return { code: null, signal: null }
  })
  const channel = openRpcChannel(
    {
      on: (_, listener) => messages.push(listener),
      send(request: RpcRequest) {
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
    ...{ name, host: node, clock, pid, log: undefined, exited, ...channel, stop },
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
      open: () => agent.send({ do: 'meter', process, edge: 'open' }),
      close: () => agent.send({ do: 'meter', process, edge: 'close' }),
      costs: () => costs.promise,
    },
    [Symbol.asyncDispose]: stop,
  }))
}

function momentIn(payload: unknown): number | undefined {
  return (payload as { readonly atMs?: number } | null)?.atMs
}
