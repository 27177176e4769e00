import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { configFor } from '../../test/balancer/support/balance.ts'
import { type Losses, lossesOf } from './losses.ts'
import { type NumberedLoad, numberedLoad } from './numbered-load.ts'
import { quietPort } from './quiet-port.ts'
import { type Build, moduleOf } from './steer.ts'
import { startVictims } from './victims.ts'

/** A run under load in which one balancer after the other is told to end, and the next takes over. */
export interface Draining {
  readonly rate: number
  readonly drains: number
  readonly build: Build
  readonly scratch: string
  /** Lets the load go on for a while. Called before each drain, and after the last. */
  pause(load: NumberedLoad): Promise<unknown>
}

/** What became of it. */
export interface DrainToll extends Losses {
  readonly sent: number
  readonly drains: number
  /** What failed though a balancer had accepted it, by the access logs. */
  readonly accepted: number
}

export async function draining(run: Draining): Promise<DrainToll> {
  const { rate, drains, scratch } = run
  await using victims = await startVictims(3, { scratch, serviceMs: 20 })
  const logs: string[] = []
  const next = async () => {
    const log = join(scratch, `access-${logs.length}`)
    logs.push(log)
    return await startDrainable(run, victims.ports, log)
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

/** A balancer as one starts it by hand, which SIGTERM drains. */
interface Drainable {
  readonly port: number
  /** Settles when it is gone. */
  drain(): Promise<void>
}

async function startDrainable(
  { build, scratch }: Draining,
  backends: readonly number[],
  accessLog: string,
): Promise<Drainable> {
  const port = await quietPort()
  const config = configFor(backends, { workers: 2, port, accessLog, timeouts: { drain: 10 } })
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

/** The targets of all requests that an access log tells of. */
function targetsIn(log: string): string[] {
  const lines = readFileSync(log, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => (JSON.parse(line) as { target: string }).target)
}
