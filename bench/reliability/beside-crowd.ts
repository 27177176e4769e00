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
import { type CrowdKindName, type CrowdSize, clientsOf, kindsOf } from './crowd-kinds.ts'
import type { CrowdCounts, CrowdOptions } from './crowd-process.ts'
import { startKillableBackends } from './killable-backends.ts'
import { type ClientWindow, measureClients } from './normal-clients.ts'
import { numberedLoad } from './numbered-load.ts'
import { openFiles } from './process-memory.ts'
import type { Protocol } from './protocols.ts'

/** Options of a run with normal clients alone and beside a crowd of misbehaving clients, in turn. */
export interface BesideCrowdOptions {
  readonly rounds: number
  /** Seconds of each window. */
  readonly seconds: number
  /** Requests per second of the normal clients. */
  readonly rate: number
  /** Requests per second of further normal clients in HTTP/2, whose failures are counted over the whole run. */
  readonly http2Rate: number
  readonly crowd: CrowdSize
  /** The protocol of the backends. */
  readonly backends: Protocol
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
  readonly reopened: CrowdSize
  /** Files that the balancer still had open for the crowd a while after all of it had gone. */
  readonly unreleased: number
}

/** One window alone, and the next beside the crowd. */
export interface Round {
  readonly alone: ClientWindow
  readonly beside: Beside
}

/** The result of such a run. */
export interface BesideCrowd {
  readonly rounds: readonly Round[]
  /** The window after the last crowd. */
  readonly after: ClientWindow
  /** Normal clients in HTTP/2: their requests, and failures. */
  readonly http2: { readonly sent: number; readonly failed: number }
}

/** Files that the balancer needs in addition to those for the crowd: its own, and connections to backends. */
const otherFiles = 1000
/** Time limit for heads, seconds: less than a window, so that the balancer closes slow heads in each. */
export const headSeconds = 5
/** Seconds in which the balancer must have closed the files of a crowd that has gone: more than idle connections to backends are kept. */
export const releaseSeconds = 30
/** Files that it may have more of than before: connections to backends. */
const usualFiles = 100
const crowdFile = fileURLToPath(new URL('./crowd-process.ts', import.meta.url))

/**
 * Measures normal clients alone and beside the crowd.
 * @throws {Error} the limit of open files is too low for the crowd
 */
export async function measureBesideCrowd(run: BesideCrowdOptions): Promise<BesideCrowd> {
  const { scratch, build, placement } = run
  requireFiles(run.crowd)
  await using backends = await startKillableBackends(2, {
    scratch,
    serviceMs: 0,
    protocol: run.backends,
    cpus: placement.driver,
  })
  const timeouts = { head: headSeconds, keepAlive: 120, idle: 60, firstByte: 60 }
  const config = configFor([], { workers: 1, timeouts, backends: backends.configured })
  await using balancer = await startControlledBalancer(config, build, { cpus: placement.target })
  const others = numberedLoad({ protocol: 'http2', port: () => balancer.port, rate: run.http2Rate })
  const rounds: Round[] = []
  await measureClients(run, balancer)
  for (let round = 0; round < run.rounds; round++) {
    const alone = await measureClients(run, balancer)
    const beside = await measureBeside(run, balancer, alone.files)
    rounds.push({ alone, beside })
  }
  const after = await measureClients(run, balancer)
  const { length: failed } = await others.stop()
  return { rounds, after, http2: { sent: others.sent(), failed } }
}

function requireFiles(crowd: CrowdSize): void {
  // Slow readers and the like have a connection to a backend each, too.
  const needed = 2 * clientsOf(crowd) - (crowd.idle ?? 0) - (crowd.idleHttp2 ?? 0) + otherFiles
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
  const order = { port: balancer.port, spreadSeconds: headSeconds, size: run.crowd }
  await crowd.call('start', order satisfies CrowdOptions, { timeout: 120 })
  // The burst of connections is over: the cost of their presence is measured.
  await wait(1000)
  const before = await crowd.call<CrowdCounts>('counts')
  const window = await measureClients(run, balancer)
  const after = await crowd.call<CrowdCounts>('counts')
  process.kill(crowd.pid, 'SIGKILL')
  await crowd.exited
  return {
    ...window,
    unreleased: await unreleasedFiles(balancer, files + usualFiles),
    open: byKind(run.crowd, (kind) => Math.min(before.open[kind] ?? 0, after.open[kind] ?? 0)),
    reopened: byKind(
      run.crowd,
      (kind) => (after.reopened[kind] ?? 0) - (before.reopened[kind] ?? 0),
    ),
  }
}

/** Waits until the balancer has no more than so many files open; returns how many more it has when it takes too long. */
async function unreleasedFiles({ pid }: ControlledBalancer, files: number): Promise<number> {
  const until = performance.now() + releaseSeconds * 1000
  while (openFiles(pid) > files && performance.now() < until) await wait(100)
  return Math.max(0, openFiles(pid) - files)
}

function byKind(crowd: CrowdSize, count: (kind: CrowdKindName) => number): CrowdSize {
  return Object.fromEntries(kindsOf(crowd).map((kind) => [kind, count(kind)]))
}
