import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { driveFleet, type FleetReport } from '../../src/driver/fleet/drive-fleet.ts'
import { type DriverAtRate, driverCpuShare } from '../../src/experiment/run/rate.ts'
import { which } from '../../src/host/which.ts'
import type { Placement, Role } from '../../src/lab/cores.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { TempDir } from '../../src/lab/temp-dir.ts'
import { withAffinity } from '../../src/lab/with-affinity.ts'
import { meterProcesses, type ProcessMeter } from '../../src/meter/process.ts'
import { processFamily } from '../../src/meter/process-family.ts'
import type { BackendPlan, Load } from '../../src/plan/plan.ts'
import { percentileWithFailures } from '../../src/stats/estimates/percentiles.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import { allowedLateness } from '../../src/stats/trial/laws.ts'
import { startH2load } from './h2load.ts'
import { http2Port } from './http2-peers.ts'
import type { Peer } from './peer.ts'

/** The result of a balancer at saturation, or as close to it as the load came. */
export interface Capacity {
  /** Requests per second. */
  readonly rate: number
  /** CPU-seconds per request, of all its processes and threads. */
  readonly cost: number
  readonly residentBytes: number
  /** The bottleneck: `itself` where the rate is that of the balancer. */
  readonly bottleneck: string
}

/** The result of a balancer over HTTP/2. */
export interface Http2Capacity extends Capacity {
  /** Of the response times in closed loop, in seconds. */
  readonly p99: number
}

/** The result of a balancer at a rate. */
export interface AtRate {
  /** Seconds, from when a request was due. */
  readonly p99: number
  /** CPU-seconds per request, of all its processes and threads. */
  readonly cost: number
  readonly residentBytes: number
}

/** Options of a trial. */
export interface Conditions {
  readonly scratch: TempDir
  readonly signal: AbortSignal
  readonly seed: number
}

export const connections = 64
const responseBytes = 128
/** Seconds of load before the window, for just-in-time compilation. */
const settle = 2
const windowSeconds = 2
/** Fraction of its CPUs from which on a process is saturated. */
const saturated = 0.9
const roles = ['target', 'driver', 'backends'] as const satisfies readonly Role[]

const backend: BackendPlan = {
  weight: 1,
  serviceTime: { kind: 'none' },
  responseBytes,
  concurrency: 0,
  errorRate: 0,
}

/** Measured processes run compiled code, so they are started by the compiled lab. */
const built = join(import.meta.dirname, '../../dist/src/lab/lab.js')
const { openLab } = (await import(
  pathToFileURL(built).href
)) as typeof import('../../src/lab/lab.ts')

/** Starts new processes, which end with the lab. */
function open({ arm, placement }: Peer, conditions: Conditions): Promise<Lab> {
  const { scratch, ...rest } = conditions
  return openLab({
    plan: { backends: Array(4).fill(backend) },
    ...{ arm, placement, tempDir: scratch, ...rest },
  })
}

/** The load generator of the closed loop: wrk, where it is installed, since it needs the least CPU beside the target. */
export const generator = which('wrk') === undefined ? 'autocannon, corrected' : 'wrk'

/** Drives a balancer in closed loop, and measures its throughput and costs. */
export async function capacity(one: Peer, conditions: Conditions): Promise<Capacity> {
  await using lab = await open(one, conditions)
  const load = generator === 'wrk' ? wrk(lab, one.placement) : closedLoop(lab)
  return await measured(one, { lab, load, generator })
}

/** Drives a balancer in closed loop over HTTP/2, and measures its throughput, costs and p99. */
export async function http2Capacity(one: Peer, conditions: Conditions): Promise<Http2Capacity> {
  await using lab = await open(one, conditions)
  const url = new URL(lab.url)
  url.port = String(http2Port(one, Number(url.port)))
  const load = startH2load(one, {
    url: url.href,
    seconds: settle + windowSeconds + 2,
    log: join(conditions.scratch.path, `h2load-${++logs}.log`),
  })
  const found = await measured(one, { lab, load, generator: 'h2load' })
  return { ...found, p99: await load.p99() }
}

let logs = 0

async function measured(
  one: Peer,
  {
    lab,
    load,
    generator: by,
  }: { readonly lab: Lab; readonly load: Running; readonly generator: string },
): Promise<Capacity> {
  await Promise.race([wait(settle * 1e3), load.over])
  const meters = metersOn(lab, load.pid)
  const before = await received(lab)
  const openedAt = performance.now()
  for (const meter of meters.values()) meter.open()
  await Promise.race([wait(windowSeconds * 1e3), load.over])
  for (const meter of meters.values()) meter.close()
  const seconds = (performance.now() - openedAt) / 1e3
  const requests = (await received(lab)) - before
  await load.stop()
  const { rssPeakBytes } = (meters.get('target') as ProcessMeter).usage()
  const used = new Map([...meters].map(([role, meter]) => [role, cpuSeconds(meter) / seconds]))
  return {
    rate: requests / seconds,
    cost: ((used.get('target') ?? 0) * seconds) / requests,
    residentBytes: rssPeakBytes,
    bottleneck: bottleneckOf(used, one, by),
  }
}

/** Drives a balancer in open loop, and measures its p99 and its cost. */
export async function atRate(one: Peer, rate: number, conditions: Conditions): Promise<AtRate> {
  await using lab = await open(one, conditions)
  const meter = metersOn(lab, undefined).get('target') as ProcessMeter
  const report = await driveAt(lab, rate, conditions, [meter])
  const { non2xx, errors, timeouts, dropped } = report.window
  const failed = non2xx + errors + timeouts + dropped
  return {
    cost: cpuSeconds(meter) / report.window.ok,
    p99: percentileWithFailures(decode(report.latency), 99, failed) / 1e6,
    residentBytes: meter.usage().rssPeakBytes,
  }
}

/** Whether the driver is on time at a rate; a late driver would measure itself. */
export async function pace(one: Peer, rate: number, conditions: Conditions): Promise<DriverAtRate> {
  await using lab = await open(one, conditions)
  const meters = metersOn(lab, undefined)
  const report = await driveAt(lab, rate, conditions, [...meters.values()])
  const { window, windowSeconds: seconds, lateness } = report
  const late = lateness === undefined ? 0 : decode(lateness).percentile(50) / 1e6
  // No share of the latency is allowed: the driver's own queue would raise the latency and with it the allowance.
  const onTime = late <= allowedLateness(0)
  const cpus = (role: Role): number => cpuSeconds(meters.get(role) as ProcessMeter) / seconds
  const used = { driver: cpus('driver'), backends: cpus('backends') }
  return {
    sent: window.ok / seconds,
    onTime,
    cpuShare: driverCpuShare(used, one.placement),
  }
}

function driveAt(
  lab: Lab,
  rate: number,
  { seed }: Conditions,
  meters: readonly ProcessMeter[],
): Promise<FleetReport> {
  const load = {
    ...loadOf('open-loop', seed),
    arrivals: { rate, spacing: 'poisson' as const, maxInFlight: 1000 },
  }
  return drive(lab, load, meters)
}

/** A running load. */
interface Running {
  readonly pid: number | undefined
  /** Settles when the load has ended; rejects when it failed. */
  readonly over: Promise<unknown>
  stop(): Promise<void>
}

function wrk({ url }: Lab, { pinned: may, driver }: Placement): Running {
  const seconds = Math.ceil(settle + windowSeconds) + 5
  const args = ['-t1', '--timeout', '10s', `-c${connections}`, `-d${seconds}s`, url.href]
  const command = withAffinity(may ? driver : undefined, 'wrk', args)
  const running = promisify(execFile)(command.file, [...command.args])
  const over = running.then(({ stdout }) => {
    const trouble = /Socket errors.*|Non-2xx.*/.exec(stdout)?.[0]
    if (trouble !== undefined) throw new Error(`wrk: ${trouble}`)
  })
  return {
    pid: running.child.pid,
    over,
    async stop() {
      // wrk prints its results when it is interrupted.
      running.child.kill('SIGINT')
      await over
    },
  }
}

function closedLoop(lab: Lab): Running {
  const load = { ...loadOf('autocannon', 1), duration: settle + windowSeconds + 1 }
  const over = drive(lab, load)
  return {
    pid: lab.pids.driver[0],
    over,
    async stop() {
      await over
    },
  }
}

function loadOf(driver: string, seed: number): Load {
  return {
    driver,
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections,
    // A worker of lb needs some 30,000 requests until V8 has optimised it: docs/measurements/performance.md.
    warmup: { least: 3, most: 3 },
    duration: windowSeconds,
    timeout: 5,
    seed,
  }
}

function drive(lab: Lab, load: Load, meters: readonly ProcessMeter[] = []): Promise<FleetReport> {
  const { signal } = new AbortController()
  const edges = {
    opened: () => {
      for (const meter of meters) meter.open()
    },
    closed: () => {
      for (const meter of meters) meter.close()
    },
  }
  return lab.guard(driveFleet(lab.drivers, { load, url: lab.url, signal, ...edges }))
}

function metersOn(lab: Lab, driver: number | undefined): Map<Role, ProcessMeter> {
  const pids = { ...lab.pids, ...(driver !== undefined && { driver: [driver] }) }
  return new Map(roles.map((role) => [role, meterProcesses(() => processFamily(...pids[role]))]))
}

async function received(lab: Lab): Promise<number> {
  const { backends } = await lab.counts()
  return backends.reduce((sum, { received }) => sum + received, 0)
}

function cpuSeconds(meter: ProcessMeter): number {
  const { userSeconds, systemSeconds } = meter.usage()
  return userSeconds + systemSeconds
}

/** The bottleneck: the target itself, the driver or the backends, or all of them on the CPUs that they share. */
function bottleneckOf(
  used: ReadonlyMap<Role, number>,
  { arm, placement }: Peer,
  by: string,
): string {
  const of = (role: Role) => used.get(role) ?? 0
  const share = (some: readonly Role[]) => {
    const cpus = new Set(some.flatMap((role) => placement[role])).size
    return some.reduce((sum, role) => sum + of(role), 0) / cpus
  }
  if (of('target') >= saturated * Math.min(arm.cores, placement.target.length)) return 'itself'
  if (placement.shared.target && share(roles) >= saturated) return 'the shared CPUs'
  if (share(['driver', 'backends']) < saturated) return 'the host'
  return of('driver') > of('backends') ? by : 'the backends'
}
