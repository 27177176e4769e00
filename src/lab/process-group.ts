import { setTimeout as wait } from 'node:timers/promises'

const groups = new Set<number>()

/** Signals every process of a group; that the group has ended is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits until no process of a group is left, at most `maxMs` milliseconds: killed processes take a moment to end. */
export async function waitForGroupExit(leader: number, maxMs: number): Promise<void> {
  const end = performance.now() + maxMs
  while (exists(leader) && performance.now() < end) await wait(2)
}

function exists(leader: number): boolean {
  try {
    process.kill(-leader, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Kills the group of `leader` when this process ends by itself: at the end of its work, by `process.exit` or by an
 * uncaught error. Call the returned function once the leader has ended.
 *
 * A signal that ends this process runs none of its code; then the children notice that their channel
 * closed (src/kit/rpc.ts, src/lab/child-supervisor.ts).
 */
export function killGroupAtExit(leader: number): () => void {
  if (groups.size === 0) process.on('exit', killAll)
  groups.add(leader)
  return () => {
    groups.delete(leader)
    if (groups.size === 0) process.off('exit', killAll)
  }
}

function killAll(): void {
  for (const leader of groups) signalGroup(leader, 'SIGKILL')
}
