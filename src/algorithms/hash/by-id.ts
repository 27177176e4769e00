import type { BackendTable } from '../algorithm.ts'

/**
 * The rows with a backend and a weight, sorted by name, so that rings and tables do not depend on the order in
 * which backends are configured.
 */
export function byId({ ids, size, weight }: BackendTable): number[] {
  const rows = Array.from({ length: size }, (_, row) => row)
  return rows
    .filter((row) => ids[row] !== '' && (weight[row] as number) > 0)
    .sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1))
}
