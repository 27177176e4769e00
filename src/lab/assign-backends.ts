import type { BackendPlan } from '../plan/plan.ts'

/**
 * The backends of each of so many processes, as indices into `backends`: each to the process with the smallest sum of
 * weights so far, the heaviest first, so that all processes have about the same work.
 */
export function assignBackends(
  backends: readonly Pick<BackendPlan, 'weight'>[],
  processes: number,
): number[][] {
  const parts = Array.from({ length: processes }, () => ({ indices: [] as number[], weight: 0 }))
  const heaviestFirst = [...backends.entries()].toSorted(([, a], [, b]) => b.weight - a.weight)
  for (const [index, { weight }] of heaviestFirst) {
    const lightest = parts.reduce((least, one) => (isLighter(one, least) ? one : least))
    lightest.indices.push(index)
    lightest.weight += weight
  }
  return parts.map(({ indices }) => indices.toSorted((a, b) => a - b))
}

interface Part {
  readonly indices: readonly number[]
  readonly weight: number
}

/** Backends without weight are spread by number. */
function isLighter(one: Part, other: Part): boolean {
  return one.weight === other.weight
    ? one.indices.length < other.indices.length
    : one.weight < other.weight
}
