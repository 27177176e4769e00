import { readdirSync } from 'node:fs'
import { type ProcStat, procStat } from './proc-stat.ts'

/**
 * The pids of these processes, of their descendants, and of every process of the sessions that they lead: a master and its
 * workers, even where a worker's parent has ended.
 */
export function processFamily(...first: readonly number[]): number[] {
  const found = new Map<number, ProcStat>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? procStat(`/proc/${name}`) : undefined
    if (stat !== undefined) found.set(Number(name), stat)
  }
  const family = new Set(first)
  const leaders = new Set(first)
  const belongs = ({ parent, session }: ProcStat) => family.has(parent) || leaders.has(session)
  // A parent may have a higher pid than its child: repeat until no process is added.
  for (let before = -1; before !== family.size; ) {
    before = family.size
    for (const [pid, stat] of found) if (belongs(stat)) family.add(pid)
  }
  return [...family].filter((pid) => found.has(pid))
}
