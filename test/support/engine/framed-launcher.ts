import { type AgentOptions, startAgent } from '../../../src/engine/agent.ts'
import { frameReader, framesOf } from '../../../src/engine/frame.ts'
import type { AgentPort, Launcher } from '../../../src/engine/launcher.ts'
import type { FromAgent, ToAgent } from '../../../src/engine/messages.ts'
import { ownVersion } from '../../../src/engine/own-version.ts'

/** A node whose programs a test plays. */
export interface FramedNode extends Pick<AgentOptions, 'startChild'> {
  readonly name: string
  readonly meter?: AgentOptions['meter']
  readonly meterNode?: AgentOptions['meterNode']
}

/**
 * Agents in this process. Each message crosses as lines of text, as engines carry it. The address of node i, from 0, is
 * 10.0.0.(i + 1).
 */
export function framedLauncher(nodes: readonly FramedNode[]): Launcher {
  return {
    readySeconds: 5,
    launch() {
      const agents = nodes.map(framedAgent)
      return {
        agents,
        async stop() {
          for (const agent of agents) agent.send({ do: 'end' })
        },
      }
    },
  }
}

function notMeasured(): never {
  throw new Error('not measured here')
}

function framedAgent(
  { name, startChild, meter = notMeasured, meterNode = notMeasured }: FramedNode,
  number: number,
): AgentPort {
  const ended = Promise.withResolvers<string>()
  const [fromAgent, fromCoordinator] = [frameReader({}), frameReader({ only: number })]
  let heard: (message: FromAgent) => void = () => {}
  const agent = startAgent({
    facts: {
      ...{ node: name, lb: ownVersion(), nodeVersion: process.versions.node, cpus: 2 },
      addresses: [`10.0.0.${number + 1}`],
    },
    send(message) {
      for (const line of framesOf(number, message)) {
        const framed = fromAgent(line)
        if (framed !== undefined) heard(framed.message as FromAgent)
      }
    },
    ...{ startChild, meter, meterNode },
    end: () => ended.resolve('was ended'),
  })
  return {
    node: name,
    send(message) {
      for (const line of framesOf(number, message)) {
        const framed = fromCoordinator(line)
        if (framed !== undefined) agent.receive(framed.message as ToAgent)
      }
    },
    listen(listener) {
      heard = listener
    },
    ended: ended.promise,
  }
}
