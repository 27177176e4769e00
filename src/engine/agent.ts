import { setTimeout as wait } from 'node:timers/promises'
import { silenceWatch } from '../kit/silence-watch.ts'
import type { ProcessMeter } from '../meter/process.ts'
import type { AgentFacts, AgentProgram, FromAgent, ToAgent } from './messages.ts'
import type { ChildEvents, NodeChild } from './node-child.ts'
import { clockMs } from './node-clock.ts'
import type { NodeUsageMeter } from './node-usage.ts'

/** Milliseconds without a word of the coordinator after which an agent ends: the dead-man's switch. */
const deadManMs = 4000
/** Milliseconds between two words of an agent that has nothing else to send. */
const aliveMs = 500
/** Milliseconds before a moment from which on it is awaited without sleeping: timers may be late by more than one. */
const spinMs = 2

/** The surroundings of an agent. */
export interface AgentOptions {
  readonly facts: AgentFacts
  readonly send: (message: FromAgent) => void
  /** Starts a program as a child; it ends with the agent. */
  readonly startChild: (program: AgentProgram, events: ChildEvents) => NodeChild
  readonly meter: (pid: number) => ProcessMeter
  /** A meter of the node. */
  readonly meterNode: () => NodeUsageMeter
  /** Ends the agent and all that it started. */
  readonly end: () => void
}

/** An agent: starts processes on its node, and passes messages between them and the coordinator. */
export interface Agent {
  receive(message: ToAgent): void
}

/** Starts an agent, which ends when nothing was heard of its coordinator for 4 s. */
export function startAgent(options: AgentOptions): Agent {
  const { facts, send, startChild, meter, meterNode, end } = options
  const children = new Map<number, NodeChild>()
  const meters = new Map<number, ProcessMeter>()
  let ofNode: NodeUsageMeter | undefined
  let limit: NodeJS.Timeout | undefined
  const stop = (): void => {
    clearInterval(alive)
    clearTimeout(limit)
    coordinator[Symbol.dispose]()
    end()
  }
  const coordinator = silenceWatch(deadManMs, stop)
  const alive = setInterval(() => send({ is: 'alive' }), aliveMs)

  const start = (process: number, program: AgentProgram): void => {
    const child = startChild(program, {
      message: (message) => send({ is: 'message', process, message }),
      ended: (how) => {
        children.delete(process)
        send({ is: 'ended', process, ...how })
      },
    })
    children.set(process, child)
    send({ is: 'started', process, pid: child.pid })
  }
  const measure = (process: number, edge: 'open' | 'close'): void => {
    const pid = children.get(process)?.pid
    if (edge === 'open' && pid !== undefined) {
      const opened = meter(pid)
      opened.open()
      meters.set(process, opened)
    }
    if (edge === 'close') {
      const opened = meters.get(process)
      opened?.close()
      if (opened !== undefined) send({ is: 'costs', process, costs: opened.usage() })
    }
  }
  const watch = (edge: 'open' | 'close'): void => {
    if (edge === 'open') {
      ofNode = meterNode()
      ofNode.open()
      return
    }
    ofNode?.close()
    if (ofNode !== undefined) send({ is: 'usage', usage: ofNode.usage() })
  }
  return {
    receive(message) {
      coordinator.heard()
      switch (message.do) {
        case 'hello':
          limit = setTimeout(stop, message.maxSeconds * 1e3)
          return send({ is: 'hello', ...facts })
        case 'ping':
          return send({ is: 'pong', id: message.id, atMs: clockMs() })
        case 'start':
          return start(message.process, message.program)
        case 'send': {
          const { process, request, atMs } = message
          if (atMs === undefined) return children.get(process)?.send(request)
          void momentOf(atMs).then(() => {
            children.get(process)?.send(request)
            send({ is: 'sent', process, atMs: clockMs() })
          })
          return
        }
        case 'stop':
          return children.get(message.process)?.stop()
        case 'meter':
          return measure(message.process, message.edge)
        case 'watch':
          return watch(message.edge)
        case 'alive':
          return
        case 'end':
          return stop()
      }
    },
  }
}

/** Resolves at a moment of the own clock, as exactly as the process is scheduled. */
async function momentOf(atMs: number): Promise<void> {
  const leftMs = atMs - clockMs() - spinMs
  if (leftMs > 0) await wait(leftMs)
  while (clockMs() < atMs);
}
