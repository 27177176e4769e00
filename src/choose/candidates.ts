import { algorithms } from '../algorithms/index.ts'
import type { Ranking } from '../result/simulation.ts'

/** The algorithms that are run on real processes. */
interface Candidates {
  /** The best two by the simulation, and the one in use: one to three names, the best first. */
  readonly names: readonly string[]
  /** Algorithms that would be among them, if the driver sent keys. */
  readonly leftOut: readonly string[]
}

/** How many of the best are run beside the algorithm in use. */
const bestCount = 2

/** The maximum number of algorithms that are run. */
export const maxCandidates = bestCount + 1

/**
 * The best two algorithms of a ranking, and the one in use. An algorithm that picks by a key is left out: all requests of the driver come
 * from one address, which would send them all to one backend.
 */
export function candidatesOf({ best, others }: Ranking, inUse: string | undefined): Candidates {
  const order = [best, ...others.map(({ name }) => name)]
  const runnable = order.filter((name) => !picksByKey(name))
  const chosen = runnable.slice(0, bestCount)
  const isRun = inUse === undefined || chosen.includes(inUse) || !runnable.includes(inUse)
  const names = isRun ? chosen : [...chosen, inUse]
  const wanted = order.slice(0, bestCount)
  const leftOut = order.filter(
    (name) => picksByKey(name) && (wanted.includes(name) || name === inUse),
  )
  return { names, leftOut }
}

function picksByKey(name: string): boolean {
  return algorithms.find((one) => one.name === name)?.inputs.includes('key') ?? false
}
