import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { processFamily } from '../../src/meter/process-family.ts'
import type { RunningLb } from '../support/processes/built-lb.ts'

/** Milliseconds for which a throttled process runs, and then is stopped. */
const [runMs, stopMs] = [10, 10]

/**
 * Lets every process of `lb` whose command line contains `module` run half of the time only, by stopping and
 * continuing it, until `lb` has ended. Returns the number of stops.
 */
export async function throttle(lb: RunningLb, module: string): Promise<number> {
  let stops = 0
  while (lb.child.exitCode === null && lb.child.signalCode === null) {
    const pids = processFamily(lb.pid).filter((pid) => pid !== lb.pid && runs(pid, module))
    for (const pid of pids) if (signal(pid, 'SIGSTOP')) stops++
    await wait(stopMs)
    for (const pid of pids) signal(pid, 'SIGCONT')
    await wait(runMs)
  }
  return stops
}

function runs(pid: number, module: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(module)
  } catch {
    return false
  }
}

/** Whether the process still existed. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
