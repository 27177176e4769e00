import type { BalancerCounts } from '../config/config.ts'
import { sumNumbers } from './sum-numbers.ts'

/** Counts of the workers. */
export type WorkerCounts = Omit<BalancerCounts, 'turnedAway'>

/** Counts of one version of the configuration, and the names of its backends by row: '' for none. */
export interface VersionCounts {
  readonly ids: readonly string[]
  readonly counts: WorkerCounts
}

/** Adds the counts of earlier versions to those of `version`, of the same backends where they are in other rows. */
export function sumCounts(version: VersionCounts, earlier: readonly VersionCounts[]): WorkerCounts {
  let { perBackend, inFlight, ...counts } = version.counts
  for (const { ids, counts: before } of earlier) {
    const { perBackend: sent, inFlight: open, ...rest } = before
    const add = (to: readonly number[], from: readonly number[]) =>
      to.map((count, row) => count + (from[rowOf(version.ids[row], ids)] ?? 0))
    perBackend = add(perBackend, sent)
    inFlight = add(inFlight, open)
    counts = sumNumbers(counts, rest)
  }
  return { ...counts, perBackend, inFlight }
}

/** The row of the backend `id` in another version; −1 where it is in none. */
export function rowOf(id: string | undefined, ids: readonly string[]): number {
  return id === undefined || id === '' ? -1 : ids.indexOf(id)
}
