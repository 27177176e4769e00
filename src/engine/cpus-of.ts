import type { NodeProcess } from './node-process.ts'

/** CPUs that processes on nodes can use: so many threads each, and no more than their nodes have. */
export function cpusOf(processes: readonly NodeProcess[], threads = 1): number {
  const byNode = Map.groupBy(processes, ({ remote }) => remote.node)
  return [...byNode.values()].reduce(
    (sum, own) => sum + Math.min(own.length * threads, own[0]?.nodeCpus ?? 1),
    0,
  )
}
