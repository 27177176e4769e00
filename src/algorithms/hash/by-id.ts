import type { BackendTable } from '../algorithm.ts'

/**
 * The rows that hold a backend with a weight, in the order of their names: what is built row by row
 * must not depend on the order in which backends are configured.
 */
export function byId({ ids, size, weight }: BackendTable): number[] {
  const rows = Array.from({ length: size }, (_, row) => row)
  return rows
    .filter((row) => ids[row] !== '' && (weight[row] as number) > 0)
    .sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1))
}
