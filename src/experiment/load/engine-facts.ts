import type { FleetStart } from '../../driver/fleet/begin-together.ts'
import type { EngineName } from '../../engine/engine-names.ts'
import { isNodeProcess } from '../../engine/node-process.ts'
import type { LabProcess } from '../../lab/process.ts'
import type { LoadResult } from '../../result/schemas/load.ts'

/** The engine, its nodes and their clocks, as a result has them; nothing for drivers of this host. */
export function engineFacts(
  name: EngineName,
  drivers: readonly LabProcess[],
  start: FleetStart | undefined,
): Pick<LoadResult, 'engine'> {
  const byNode = Map.groupBy(drivers.filter(isNodeProcess), ({ remote }) => remote.node)
  if (name === 'local' || byNode.size === 0) return {}
  return {
    engine: {
      name,
      nodes: [...byNode].map(([node, own]) => ({
        name: node,
        drivers: own.length,
        clockOffsetMs: own[0]?.clock.offsetMs ?? 0,
        clockBoundMs: own[0]?.clock.boundMs ?? 0,
      })),
      ...(start && { startSpreadMs: start.spreadMs, startBoundMs: start.boundMs }),
    },
  }
}
