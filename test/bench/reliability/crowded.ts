import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { DriverReport } from '../../../src/driver/driver.ts'
import { startProcess } from '../../../src/lab/process.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { decode } from '../../../src/stats/histogram.ts'
import { configFor } from '../../balancer/support/balance.ts'
import type { CrowdCounts, CrowdOrder } from '../../support/children/crowd.ts'
import { type Build, type Steered, steer } from './steer.ts'
import { startVictims } from './victims.ts'

/** Normal clients alone and beside a crowd, in turn. */
export interface Crowded {
  readonly rounds: number
  /** Seconds of each window. */
  readonly seconds: number
  /** Requests a second of the normal clients. */
  readonly rate: number
  readonly crowd: Omit<CrowdOrder, 'port'>
  readonly build: Build
  readonly scratch: string
}

/** What normal clients saw in one window, and what the balancer held. */
export interface Window {
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Requests without a good answer. */
  readonly failed: number
  readonly asked: number
  readonly residentBytes: number
  /** Files that the balancer had open. */
  readonly files: number
  /** Connections of the crowd that were closed on it and opened again. */
  readonly reopened: number
}

/** One window alone, and the next beside the crowd. */
export interface Round {
  readonly alone: Window
  readonly beside: Window
}

const driverFile = fileURLToPath(new URL('../../../dist/src/driver/main.js', import.meta.url))
const crowdFile = fileURLToPath(new URL('../../support/children/crowd.ts', import.meta.url))

export async function crowded(run: Crowded): Promise<{ rounds: Round[]; after: Window }> {
  const { scratch, build } = run
  await using victims = await startVictims(2, { scratch, serviceMs: 0 })
  const timeouts = { head: 15, keepAlive: 120, idle: 60, firstByte: 60 }
  await using balancer = await steer(configFor(victims.ports, { workers: 2, timeouts }), build)
  const rounds: Round[] = []
  await look(run, balancer)
  for (let round = 0; round < run.rounds; round++) {
    const alone = await look(run, balancer)
    const beside = await lookBeside(run, balancer, alone.files)
    rounds.push({ alone, beside })
  }
  return { rounds, after: await look(run, balancer) }
}

async function lookBeside(run: Crowded, balancer: Steered, files: number): Promise<Window> {
  await using crowd = await startProcess({ name: 'the crowd', file: crowdFile })
  const order: CrowdOrder = { port: balancer.port, ...run.crowd }
  await crowd.ask('start', order, { timeout: 120 })
  // The burst of its coming is over: what is asked is what its presence costs.
  await wait(1000)
  const window = await look(run, balancer)
  const { reopened } = await crowd.ask<CrowdCounts>('counts')
  process.kill(crowd.pid, 'SIGKILL')
  await crowd.exited
  while (filesOf(balancer) > files + 100) await wait(100)
  return { ...window, reopened }
}

/** What normal clients see now. */
async function look({ seconds, rate }: Crowded, balancer: Steered): Promise<Window> {
  await using driver = await startProcess({ name: 'the driver', file: driverFile })
  const load: Load = {
    driver: 'open-loop',
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections: 50,
    warmup: { least: 1, most: 1 },
    duration: seconds,
    timeout: 10,
    seed: 1,
    arrivals: { rate, spacing: 'poisson' },
  }
  const order = { load, url: `http://127.0.0.1:${balancer.port}/` }
  const report = await driver.ask<DriverReport>('drive', order, { timeout: seconds + 60 })
  const times = decode(report.latency)
  const { ok, non2xx, errors, timeouts, dropped } = report.total
  return {
    p50: times.percentile(50) / 1e3,
    p99: times.percentile(99) / 1e3,
    failed: non2xx + errors + timeouts + dropped,
    asked: ok + non2xx + errors + timeouts + dropped,
    residentBytes: residentBytes(balancer.pid),
    files: filesOf(balancer),
    reopened: 0,
  }
}

function filesOf({ pid }: Steered): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

function residentBytes(pid: number): number {
  const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return Number(pages) * 4096
}
