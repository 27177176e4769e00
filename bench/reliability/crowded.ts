import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openFilesLimit } from '../../src/host/open-files.ts'
import type { Placement } from '../../src/lab/cores.ts'
import { startProcess } from '../../src/lab/process.ts'
import { configFor } from '../../test/balancer/support/balance.ts'
import type { CrowdCounts, CrowdOptions, CrowdSize } from '../../test/support/children/crowd.ts'
import { filesOf } from './memory.ts'
import { type Look, look } from './normal-clients.ts'
import { type Build, type Steered, steer } from './steer.ts'
import { startVictims } from './victims.ts'

/** Normal clients alone and beside a crowd, in turn. */
export interface Crowded {
  readonly rounds: number
  /** Seconds of each window. */
  readonly seconds: number
  /** Requests a second of the normal clients. */
  readonly rate: number
  readonly crowd: CrowdSize
  readonly build: Build
  readonly scratch: string
  /** The balancer runs on the CPUs of the target, all else on those of the driver. */
  readonly placement: Pick<Placement, 'target' | 'driver'>
}

/** A window beside the crowd. */
interface Beside extends Look {
  /** What stood of the crowd before the window or after it, whichever was less. */
  readonly stood: CrowdSize
  /** Connections of the crowd that were closed on it in the window, and opened again. */
  readonly reopened: number
}

/** One window alone, and the next beside the crowd. */
export interface Round {
  readonly alone: Look
  readonly beside: Beside
}

/** Files that the balancer needs beside those for the crowd: its own, and connections to backends. */
const otherFiles = 1000
/** Seconds that a head may take: less than a window, so that the guard is at work in each. */
export const headSeconds = 5
const crowdFile = fileURLToPath(new URL('../../test/support/children/crowd.ts', import.meta.url))

/**
 * Has normal clients measured.
 * @throws {Error} so many files as the crowd needs may not be open
 */
export async function crowded(run: Crowded): Promise<{ rounds: Round[]; after: Look }> {
  const { scratch, build, placement } = run
  requireFiles(run.crowd)
  await using victims = await startVictims(2, { scratch, serviceMs: 0, cpus: placement.driver })
  const timeouts = { head: headSeconds, keepAlive: 120, idle: 60, firstByte: 60 }
  const config = configFor(victims.ports, { workers: 1, timeouts })
  await using balancer = await steer(config, build, { cpus: placement.target })
  const rounds: Round[] = []
  await look(run, balancer)
  for (let round = 0; round < run.rounds; round++) {
    const alone = await look(run, balancer)
    const beside = await lookBeside(run, balancer, alone.files)
    rounds.push({ alone, beside })
  }
  return { rounds, after: await look(run, balancer) }
}

function requireFiles({ idle, slowHeads, slowReaders }: CrowdSize): void {
  const needed = idle + slowHeads + 2 * slowReaders + otherFiles
  if (openFilesLimit() >= needed) return
  throw new Error(
    `${openFilesLimit()} files may be open, and ${needed} are needed: ulimit -n ${needed}`,
  )
}

async function lookBeside(run: Crowded, balancer: Steered, files: number): Promise<Beside> {
  await using crowd = await startProcess({
    name: 'the crowd',
    file: crowdFile,
    cpus: run.placement.driver,
  })
  const order = { port: balancer.port, spreadSeconds: headSeconds, ...run.crowd }
  await crowd.call('start', order satisfies CrowdOptions, { timeout: 120 })
  // The burst of its coming is over: what is asked is what its presence costs.
  await wait(1000)
  const before = await crowd.call<CrowdCounts>('counts')
  const window = await look(run, balancer)
  const after = await crowd.call<CrowdCounts>('counts')
  process.kill(crowd.pid, 'SIGKILL')
  await crowd.exited
  while (filesOf(balancer.pid) > files + 100) await wait(100)
  return {
    ...window,
    stood: lesser(before.stand, after.stand),
    reopened: after.reopened - before.reopened,
  }
}

function lesser(one: CrowdSize, other: CrowdSize): CrowdSize {
  return {
    idle: Math.min(one.idle, other.idle),
    slowHeads: Math.min(one.slowHeads, other.slowHeads),
    slowReaders: Math.min(one.slowReaders, other.slowReaders),
  }
}
