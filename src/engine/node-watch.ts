import type { AgentPort } from './launcher.ts'
import type { NodeUsage } from './node-usage.ts'

/** Has an agent read the usage of its node between opening and closing a window. */
export interface NodeWatch {
  open(): void
  close(): void
  /** The usage in between; undefined where the agent is lost. */
  usage(): Promise<NodeUsage | undefined>
}

/** The watch over the node of one agent, and the function that gets the usage that the agent sends. */
export function nodeWatch(
  { send }: Pick<AgentPort, 'send'>,
  lost: Promise<unknown>,
): { readonly watch: NodeWatch; readonly heard: (usage: NodeUsage) => void } {
  // Of the last window: an agent serves several trials.
  let found = Promise.withResolvers<NodeUsage>()
  return {
    heard: (usage) => found.resolve(usage),
    watch: {
      open() {
        found = Promise.withResolvers()
        send({ do: 'watch', edge: 'open' })
      },
      close: () => send({ do: 'watch', edge: 'close' }),
      usage: () => Promise.race([found.promise, lost.then(() => undefined)]),
    },
  }
}
