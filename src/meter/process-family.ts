import { readdirSync } from 'node:fs'
import { type ProcStat, procStat } from './proc-stat.ts'

/**
 * The process, its descendants, and every process of the session that it leads: a master and its workers,
 * also where a worker's parent is gone.
 */
export function processFamily(first: number): number[] {
  const found = new Map<number, ProcStat>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? procStat(`/proc/${name}`) : undefined
    if (stat !== undefined) found.set(Number(name), stat)
  }
  const family = new Set([first])
  const belongs = ({ parent, session }: ProcStat) => family.has(parent) || session === first
  // A parent may have a higher number than its child: go on until nobody joins.
  for (let before = -1; before !== family.size; ) {
    before = family.size
    for (const [pid, stat] of found) if (belongs(stat)) family.add(pid)
  }
  return [...family].filter((pid) => found.has(pid))
}
