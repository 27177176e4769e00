import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { configFor } from '../../test/balancer/support/balance.ts'
import { type Build, moduleOf } from './controlled-balancer.ts'
import { fixedPort } from './fixed-port.ts'
import { startKillableBackends } from './killable-backends.ts'
import { type Losses, lossesOf } from './lost-requests.ts'
import { type NumberedLoad, numberedLoad } from './numbered-load.ts'

/** Options of a run under load in which one balancer after the other gets SIGTERM, and the next takes over. */
export interface DrainingOptions {
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
  const { rate, drains, scratch } = run
  await using backends = await startKillableBackends(3, { scratch, serviceMs: 20 })
  const logs: string[] = []
  const next = async () => {
    const log = join(scratch, `access-${logs.length}`)
    logs.push(log)
    return await startDrainable(run, backends.ports, log)
  }
  let current = await next()
  let newest = current
  const load = numberedLoad({
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
  await current.drain()
  const accepted = new Set(logs.flatMap(targetsIn))
  return {
    ...lossesOf(failures),
    sent: load.sent(),
    drains,
    accepted: failures.filter(({ number }) => accepted.has(`/${number}`)).length,
  }
}

/** A balancer that runs as a program, which SIGTERM drains. */
interface Drainable {
  readonly port: number
  /** Sends SIGTERM; settles when it has ended. */
  drain(): Promise<void>
}

async function startDrainable(
  { build, scratch }: DrainingOptions,
  backendPorts: readonly number[],
  accessLog: string,
): Promise<Drainable> {
  const port = await fixedPort()
  const config = configFor(backendPorts, { workers: 2, port, accessLog, timeouts: { drain: 10 } })
  const file = join(scratch, `balancer-${port}.json`)
  writeFileSync(file, JSON.stringify(config))
  const child: ChildProcess = spawn(process.execPath, [moduleOf('balancer/main', build), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await Promise.race([once(child.stdout as Readable, 'data'), exited])
  return {
    port,
    async drain() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The request targets in an access log. */
function targetsIn(log: string): string[] {
  const lines = readFileSync(log, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => (JSON.parse(line) as { target: string }).target)
}
