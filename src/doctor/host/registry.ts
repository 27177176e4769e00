import type { HostCheck } from '../../result/host-check.ts'
import { acceptQueue } from './accept-queue.ts'
import type { AskedRun } from './asked-run.ts'
import type { Check } from './check.ts'
import { clockSource } from './clock-source.ts'
import { conntrack } from './conntrack.ts'
import { cpuQuota } from './cpu-quota.ts'
import { cpuSet } from './cpu-set.ts'
import type { DoctorFacts } from './doctor-facts.ts'
import { governor } from './governor.ts'
import { hugePages } from './huge-pages.ts'
import { load } from './load.ts'
import { nodeOptions } from './node-options.ts'
import { numa } from './numa.ts'
import { openFiles } from './open-files.ts'
import { ports } from './ports.ts'
import { pressure } from './pressure.ts'
import { steal } from './steal.ts'
import { swap } from './swap.ts'
import { synBacklog } from './syn-backlog.ts'
import { timerJitter } from './timer-jitter.ts'
import { turbo } from './turbo.ts'
import { virtualMachine } from './virtual-machine.ts'

/** Every check of a host, in the order in which reports show them: what makes a run fail, then what disturbs it. */
export const hostChecks: readonly Check[] = [
  openFiles,
  ports,
  acceptQueue,
  synBacklog,
  conntrack,
  cpuSet,
  cpuQuota,
  load,
  pressure,
  steal,
  swap,
  timerJitter,
  governor,
  turbo,
  hugePages,
  numa,
  clockSource,
  nodeOptions,
  virtualMachine,
]

/** All checks of a host for a run. */
export function examineHost(facts: DoctorFacts, run: AskedRun): HostCheck[] {
  return hostChecks.map(({ name, title, examine }) => ({ name, title, ...examine(facts, run) }))
}
