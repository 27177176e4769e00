import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openFilesLimit } from '../../src/host/open-files.ts'
import type { Placement } from '../../src/lab/cores.ts'
import { startProcess } from '../../src/lab/process.ts'
import { configFor } from '../../test/balancer/support/balance.ts'
import {
  type Build,
  type ControlledBalancer,
  startControlledBalancer,
} from './controlled-balancer.ts'
import type { CrowdCounts, CrowdOptions, CrowdSize } from './crowd-process.ts'
import { startKillableBackends } from './killable-backends.ts'
import { type ClientWindow, measureClients } from './normal-clients.ts'
import { openFiles } from './process-memory.ts'

/** Options of a run with normal clients alone and beside a crowd of misbehaving clients, in turn. */
export interface BesideCrowdOptions {
  readonly rounds: number
  /** Seconds of each window. */
  readonly seconds: number
  /** Requests per second of the normal clients. */
  readonly rate: number
  readonly crowd: CrowdSize
  readonly build: Build
  readonly scratch: string
  /** The balancer runs on the CPUs of the target, everything else on those of the driver. */
  readonly placement: Pick<Placement, 'target' | 'driver'>
}

/** A window beside the crowd. */
interface Beside extends ClientWindow {
  /** Open connections of the crowd: the minimum of before and after the window. */
  readonly open: CrowdSize
  /** Connections of the crowd that the balancer closed in the window, and that were opened again. */
  readonly reopened: number
}

/** One window alone, and the next beside the crowd. */
export interface Round {
  readonly alone: ClientWindow
  readonly beside: Beside
}

/** Files that the balancer needs in addition to those for the crowd: its own, and connections to backends. */
const otherFiles = 1000
/** Time limit for heads, seconds: less than a window, so that the balancer closes slow heads in each. */
export const headSeconds = 5
const crowdFile = fileURLToPath(new URL('./crowd-process.ts', import.meta.url))

/**
 * Measures normal clients alone and beside the crowd.
 * @throws {Error} the limit of open files is too low for the crowd
 */
export async function measureBesideCrowd(
  run: BesideCrowdOptions,
): Promise<{ rounds: Round[]; after: ClientWindow }> {
  const { scratch, build, placement } = run
  requireFiles(run.crowd)
  await using backends = await startKillableBackends(2, {
    scratch,
    serviceMs: 0,
    cpus: placement.driver,
  })
  const timeouts = { head: headSeconds, keepAlive: 120, idle: 60, firstByte: 60 }
  const config = configFor(backends.ports, { workers: 1, timeouts })
  await using balancer = await startControlledBalancer(config, build, { cpus: placement.target })
  const rounds: Round[] = []
  await measureClients(run, balancer)
  for (let round = 0; round < run.rounds; round++) {
    const alone = await measureClients(run, balancer)
    const beside = await measureBeside(run, balancer, alone.files)
    rounds.push({ alone, beside })
  }
  return { rounds, after: await measureClients(run, balancer) }
}

function requireFiles({ idle, slowHeads, slowReaders }: CrowdSize): void {
  const needed = idle + slowHeads + 2 * slowReaders + otherFiles
  if (openFilesLimit() >= needed) return
  throw new Error(
    `${openFilesLimit()} files may be open, and ${needed} are needed: run "ulimit -n ${needed}" first`,
  )
}

async function measureBeside(
  run: BesideCrowdOptions,
  balancer: ControlledBalancer,
  files: number,
): Promise<Beside> {
  await using crowd = await startProcess({
    name: 'the crowd',
    file: crowdFile,
    cpus: run.placement.driver,
  })
  const order = { port: balancer.port, spreadSeconds: headSeconds, ...run.crowd }
  await crowd.call('start', order satisfies CrowdOptions, { timeout: 120 })
  // The burst of connections is over: the cost of their presence is measured.
  await wait(1000)
  const before = await crowd.call<CrowdCounts>('counts')
  const window = await measureClients(run, balancer)
  const after = await crowd.call<CrowdCounts>('counts')
  process.kill(crowd.pid, 'SIGKILL')
  await crowd.exited
  while (openFiles(balancer.pid) > files + 100) await wait(100)
  return {
    ...window,
    open: minimum(before.open, after.open),
    reopened: after.reopened - before.reopened,
  }
}

function minimum(one: CrowdSize, other: CrowdSize): CrowdSize {
  return {
    idle: Math.min(one.idle, other.idle),
    slowHeads: Math.min(one.slowHeads, other.slowHeads),
    slowReaders: Math.min(one.slowReaders, other.slowReaders),
  }
}
