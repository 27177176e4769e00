import { readdirSync, readFileSync } from 'node:fs'

/**
 * A process, all of its descendants, and all of the session that it leads: a master with its workers, also
 * those whose parent has left them.
 */
export function processFamily(first: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => kin(Number(pid)))
  const family = new Set([first])
  // A child can have a smaller number than its parent, so look until nobody new is found.
  for (let before = 0; before < family.size; ) {
    before = family.size
    for (const { pid, parent, session } of all) {
      if (family.has(parent) || session === first) family.add(pid)
    }
  }
  return [...family]
}

/** Parent and session of a process (proc(5), stat), or nothing once it is gone. */
function kin(pid: number): { pid: number; parent: number; session: number }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [{ pid, parent: Number(parent), session: Number(session) }]
  } catch {
    return []
  }
}
