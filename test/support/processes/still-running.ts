import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** Whether any thread of a process still runs; a zombie does not. */
export function running(pid: number): boolean {
  const threads = unlessEnded(() => readdirSync(`/proc/${pid}/task`)) ?? []
  return threads.some((thread) => {
    const stat = unlessEnded(() => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))
    return stat !== undefined && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  })
}

function unlessEnded<Found>(read: () => Found): Found | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Waits until none of the processes runs, at most `seconds`; returns those that still do. */
export async function stillRunning(pids: readonly number[], seconds: number): Promise<number[]> {
  const end = performance.now() + seconds * 1000
  while (pids.some(running) && performance.now() < end) await wait(20)
  return pids.filter(running)
}
