import { crookedClock } from '../../src/result/crooked-clock.ts'
import type { LoadResult } from '../../src/result/schemas/load.ts'

/** The nodes that a result names as crooked: their driver measured other latencies, or their clock ran at another rate. */
export function namedNodes(result: LoadResult | undefined): string[] {
  const { drivers: found, engine } = result ?? {}
  const differing = (found?.differing ?? []).map(({ number }) => `n${number - 1}`)
  const clocks = (engine?.nodes ?? []).filter(crookedClock).map(({ name }) => name)
  return [...new Set([...differing, ...clocks])]
}
