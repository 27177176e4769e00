import { writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BackendsCounts, BackendsReady } from '../src/backend/config.ts'
import { driveFleet } from '../src/driver/fleet/drive-fleet.ts'
import { findDriver } from '../src/driver/index.ts'
import { seeded, shuffled } from '../src/kit/random.ts'
import { type LabProcess, startProcess } from '../src/lab/process.ts'
import { meterProcesses } from '../src/meter/process.ts'
import type { Load } from '../src/plan/plan.ts'
import { pseudoMedian } from '../src/stats/estimates/hodges-lehmann.ts'
import { uncoordinated } from '../test/driver/drive-load.ts'
import { machine } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'

/*
 * npm run bench:drivers: the cost of a request in each driver and in the mock backend, and whether the memory of a driver
 * grows with the run, written to docs/measurements/driver-cost.md. Takes six minutes. All drivers in random order in each round, each in a
 * new process, against one backend that responds at once. Pairs are taken within a round.
 */

const others = watchOtherPrograms()
const rounds = Number(process.argv[2] ?? 10)
const connections = 64
const settleSeconds = 1.5
const windowSeconds = 3
const longRunSeconds = 30
const { signal } = new AbortController()

/** CPU-µs per request of a driver and of the backend, and requests per second. */
interface Cost {
  readonly driver: number
  readonly backend: number
  readonly rate: number
}

interface Arm {
  readonly name: string
  readonly module: string
  /** Drives its load, for so many seconds in total. */
  readonly drive: (driver: LabProcess, url: string, seconds: number) => Promise<unknown>
}

function ours(name: string, driver: string, rate?: number): Arm {
  return {
    name: rate === undefined ? name : `${name}, ${rate.toLocaleString('en')}/s`,
    module: '../dist/src/driver/main.js',
    drive: (process, url, seconds) =>
      driveFleet([process], { load: loadOf(driver, seconds, rate), url: new URL(url), signal }),
  }
}

function loadOf(driver: string, seconds: number, rate: number | undefined): Load {
  return {
    driver,
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections,
    warmup: { least: 0.5, most: 0.5 },
    duration: seconds - 0.5,
    timeout: 5,
    seed: 1,
    ...(rate !== undefined && { arrivals: { rate, spacing: 'poisson' } }),
  }
}

const autocannon: Arm = {
  name: 'autocannon',
  module: './support/autocannon-process.ts',
  drive: (process, url, duration) =>
    process.call('drive', { url, connections, duration }, { timeout: 60 }),
}
const arms = [
  autocannon,
  ours('autocannon, corrected', 'autocannon'),
  ours('lean', 'lean'),
  ours('open-loop', 'open-loop', 1000),
  ours('open-loop', 'open-loop', 5000),
  ours('open-loop', 'open-loop', 20_000),
  // More than it can send: it drops the rest.
  ours('open-loop', 'open-loop', 100_000),
]

function start(name: string, module: string): Promise<LabProcess> {
  return startProcess({ name, file: fileURLToPath(new URL(module, import.meta.url)) })
}

/** CPU-seconds of driver and backend, and requests, in a window of a run. */
async function measure({ module, drive }: Arm, backends: LabProcess, url: string): Promise<Cost> {
  await using driver = await start('the driver', module)
  const received = async (): Promise<number> => {
    const { backends: counts } = await backends.call<BackendsCounts>('counts')
    return counts[0]?.received ?? 0
  }
  const seconds = settleSeconds + windowSeconds + 0.5
  const driven = drive(driver, url, seconds)
  await wait(settleSeconds * 1e3)
  const meters = [driver, backends].map(({ pid }) => meterProcesses(() => [pid]))
  const before = await received()
  for (const meter of meters) meter.open()
  await wait(windowSeconds * 1e3)
  for (const meter of meters) meter.close()
  const requests = (await received()) - before
  await driven
  const [own = 0, backend = 0] = meters.map((meter) => {
    const { userSeconds, systemSeconds } = meter.usage()
    return ((userSeconds + systemSeconds) / requests) * 1e6
  })
  return { driver: own, backend, rate: requests / windowSeconds }
}

/** The live heap of a driver early and late in a long run, in MiB, and the total number of responses. */
async function memory(name: string, url: string): Promise<[number, number, number]> {
  const liveMiB = (): number => {
    globalThis.gc?.()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const samples: number[] = []
  const timer = setInterval(() => samples.push(liveMiB()), 5000)
  const load = loadOf(name, longRunSeconds, 5000)
  const { total } = await findDriver(name).drive(load, new URL(url), uncoordinated(load), signal)
  clearInterval(timer)
  return [samples[0] as number, samples.at(-1) as number, total.ok]
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return ((low as number) + (high as number)) / 2
}

await using backends = await start('the backends', '../dist/src/backend/main.js')
const { ports } = await backends.call<BackendsReady>('start', {
  backends: [
    {
      weight: 1,
      serviceTime: { kind: 'none' },
      responseBytes: 1024,
      concurrency: 0,
      errorRate: 0,
    },
  ],
  seed: 1,
})
const url = `http://127.0.0.1:${ports[0]}/`

const costs = new Map<string, Cost[]>(arms.map(({ name }) => [name, []]))
const dice = seeded(Date.now())
for (let round = 0; round < rounds; round++) {
  for (const i of shuffled(arms.length, dice)) {
    const arm = arms[i] as Arm
    costs.get(arm.name)?.push(await measure(arm, backends, url))
  }
  process.stderr.write(`round ${round + 1} of ${rounds}\n`)
}

const base = costs.get(autocannon.name) as Cost[]

/** Requests per CPU-second of a driver relative to autocannon, from the pairs of the rounds. */
function perCpu(name: string): string {
  const own = costs.get(name) as Cost[]
  const logs = own.map((cost, i) => Math.log((base[i] as Cost).driver / cost.driver))
  const { center, low, high } = pseudoMedian(logs)
  const [ratio, min, max] = [center, low, high].map((log) => Math.exp(log).toFixed(2))
  return name === autocannon.name ? '1' : `${ratio} (${min} to ${max})`
}

const lines = arms.map(({ name }) => {
  const own = costs.get(name) as Cost[]
  const of = (part: keyof Cost): string => median(own.map((cost) => cost[part])).toFixed(1)
  const sent = Math.round(1e6 / median(own.map((cost) => cost.driver))).toLocaleString('en')
  return `| ${name} | ${of('rate')} | ${of('driver')} | ${sent} | ${perCpu(name)} | ${of('backend')} |`
})
const memories: string[] = []
for (const name of ['lean', 'open-loop']) {
  const [early, late, requests] = await memory(name, url)
  memories.push(
    `| ${name} | ${early.toFixed(2)} | ${late.toFixed(2)} | ${requests.toLocaleString('en')} |`,
  )
}

const document = `# Cost of the drivers

Made by \`npm run bench:drivers\` on ${machine()}. ${others()} Driver and
backend on the same CPUs: medians of ${rounds} rounds, each with every driver in random order and in a fresh
process, ${connections} connections, responses of 1 KiB from one mock backend on raw sockets. CPU is user and system
time of all threads. Ratios are taken within a round: their pseudo-median, with its ${rounds < 6 ? 'range' : '95 % interval'}; autocannon is 9.0.0 as it comes.

| driver | req/s | driver, CPU-µs per request | requests per CPU-second | × autocannon | backend, CPU-µs per request |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

Like for like, closed loop against closed loop at the same target, \`lean\` sends ${perCpu('lean')} times as many requests
per CPU-second as autocannon: it reads all connections into one buffer, makes no strings and no objects for a request, and keeps one
histogram for all.

A closed loop sends when a response arrives: many arrive together, so that one turn of the event loop handles many. An open loop sends
when a request is due, one at a time, and wakes for each: below its maximum rate that is most of its cost. 100,000/s is above its
maximum; it drops the rest.

| driver | live heap after 5 s, MiB | after ${longRunSeconds} s | requests |
| --- | --- | --- | --- |
${memories.join('\n')}
`
writeFileSync(new URL('../docs/measurements/driver-cost.md', import.meta.url), document)
process.stdout.write(document)
