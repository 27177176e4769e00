import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { BalancerConfig } from '../../src/balancer/config/config.ts'
import { configFor } from '../../test/balancer/support/balance.ts'
import { type Build, moduleOf } from './controlled-balancer.ts'
import { fixedPort } from './fixed-port.ts'
import { startKillableBackends } from './killable-backends.ts'
import { type Losses, lossesOf } from './lost-requests.ts'
import { type NumberedLoad, numberedLoad } from './numbered-load.ts'
import type { Protocols } from './protocols.ts'
import { spawnOwned } from './spawn-owned.ts'
import { within } from './within.ts'

/** Options of a run under load in which one balancer after the other gets SIGTERM, and the next takes over. */
export interface DrainingOptions {
  readonly protocols: Protocols
  readonly rate: number
  readonly drains: number
  readonly build: Build
  readonly scratch: string
  /** Lets the load continue for a while. Called before each drain, and after the last. */
  pause(load: NumberedLoad): Promise<unknown>
}

/** The failures of such a run. */
export interface DrainLosses extends Losses {
  readonly sent: number
  readonly drains: number
  /** Failures of requests that a balancer had accepted, according to the access logs. */
  readonly accepted: number
}

export async function measureDraining(run: DrainingOptions): Promise<DrainLosses> {
  const { protocols, rate, drains, scratch } = run
  // Runs number their requests alike, so that each needs logs of its own.
  const folder = mkdtempSync(join(scratch, 'draining-'))
  const serving = { scratch, serviceMs: 20, protocol: protocols.backends }
  await using backends = await startKillableBackends(3, serving)
  const logs: string[] = []
  const next = async () => {
    const log = join(folder, `access-${logs.length}`)
    logs.push(log)
    return await startDrainable(run, backends.configured, log)
  }
  let current = await next()
  let newest = current
  const load = numberedLoad({
    protocol: protocols.clients,
    port: () => current.port,
    rate,
    refused: () => {
      current = newest
    },
  })
  for (let drain = 0; drain < drains; drain++) {
    await run.pause(load)
    const leaving = current
    newest = await next()
    await leaving.drain()
  }
  await run.pause(load)
  const failures = await load.stop()
  // The load moves to the newest once a connection to the one before is refused: both may be running.
  await Promise.all([...new Set([current, newest])].map((balancer) => balancer.drain()))
  const accepted = countsOf(logs.flatMap(targetsIn))
  return {
    ...lossesOf(failures),
    sent: load.sent(),
    drains,
    // The second attempt of a request is another line.
    accepted: failures.filter(({ number, again }) => {
      const lines = accepted.get(`/${number}`) ?? 0
      return lines > (again === '200' ? 1 : 0)
    }).length,
  }
}

function countsOf(targets: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1)
  return counts
}

/** Seconds that requests in flight have to end, and that a start may take on a busy host. */
const drainSeconds = 10
const startSeconds = 60

/** A balancer that runs as a program, which SIGTERM drains. */
interface Drainable {
  readonly port: number
  /** Sends SIGTERM; settles when it has ended. */
  drain(): Promise<void>
}

async function startDrainable(
  { build, scratch }: DrainingOptions,
  backends: BalancerConfig['backends'],
  accessLog: string,
): Promise<Drainable> {
  const port = await fixedPort()
  const settings = { workers: 2, port, accessLog, backends }
  const config = configFor([], { ...settings, timeouts: { drain: drainSeconds } })
  const file = join(scratch, `balancer-${port}.json`)
  writeFileSync(file, JSON.stringify(config))
  const child = spawnOwned([moduleOf('balancer/main', build), file], ['ignore', 'pipe', 'inherit'])
  const exited = once(child, 'exit')
  const listening = Promise.race([once(child.stdout as Readable, 'data'), exited])
  await within(startSeconds, 'the start of a balancer', listening)
  return {
    port,
    async drain() {
      child.kill('SIGTERM')
      await within(drainSeconds + startSeconds, 'the drain of a balancer', exited)
    },
  }
}

/** The request targets in an access log. */
function targetsIn(log: string): string[] {
  const lines = readFileSync(log, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => (JSON.parse(line) as { target: string }).target)
}
