import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Options, Result } from 'autocannon'
import { driveFleet, type FleetReport } from '../src/driver/fleet/drive-fleet.ts'
import { startProcess } from '../src/lab/process.ts'
import type { Load } from '../src/plan/plan.ts'
import { decode } from '../src/stats/histogram/histogram.ts'
import {
  after,
  type Behaviour,
  frozen,
  scriptedServer,
  sometimes,
} from '../test/support/http/scripted-server.ts'
import { machine } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'

/*
 * npm run bench:truth: the drivers of lb and unmodified autocannon, against servers of known behaviour,
 * written to docs/measurements/driver-truth.md. Takes six minutes.
 */

/** A server of known behaviour, and the figures that a client must therefore measure. */
interface Case {
  readonly what: string
  /** Requests per second; undefined: closed loop. */
  readonly rate?: number
  readonly seconds: number
  readonly timeout: number
  /** Made for each run: some depend on the time since then. */
  readonly behaviour: () => (n: number) => Behaviour
  /** One of so many requests gets no response. */
  readonly every?: number
  /** Expected p50, p90 and p99 in ms. */
  readonly truth: string
}

/** The figures of one driver, in ms, and the number of requests that it reported as failed, of those to which the server did not respond. */
interface Reported {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly failed: number
  readonly ofFailed: number
}

const closing = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'

const openCases: readonly Case[] = [
  {
    what: 'each response takes 100 ms',
    rate: 200,
    seconds: 6,
    timeout: 5,
    behaviour: () => after(100),
    truth: '100 / 100 / 100',
  },
  {
    what: 'stalled for the first 2 s of each 10 s',
    rate: 200,
    seconds: 10,
    timeout: 5,
    behaviour: () => frozen({ frozenMs: 2000, everyMs: 10_000 }),
    truth: '0 / 1000 / 1900',
  },
  {
    what: 'frozen for the first second of each 10 s',
    rate: 1000,
    seconds: 20,
    timeout: 5,
    behaviour: () => frozen({ frozenMs: 1000, everyMs: 10_000 }),
    truth: '0 / 0 / 900',
  },
  {
    what: '1 of 50 requests has its connection closed without a response; the others take 20 ms',
    rate: 200,
    seconds: 6,
    timeout: 5,
    every: 50,
    behaviour: () => sometimes(50, { rare: { ending: 'close' }, usual: after(20) }),
    truth: '20 / 20 / 20',
  },
  {
    what: '1 of 50 requests gets no response (time-out 2 s); the others take 20 ms',
    rate: 200,
    seconds: 6,
    timeout: 2,
    every: 50,
    behaviour: () => sometimes(50, { rare: {}, usual: after(20) }),
    truth: '20 / 20 / 20',
  },
  {
    what: 'every response closes its connection',
    rate: 200,
    seconds: 6,
    timeout: 2,
    behaviour: () => () => ({ answer: closing, ending: 'close' }),
    truth: 'below 1',
  },
]

const connections = 50
/** Drivers of the fleets. */
const fleetSize = 3

const closedCases: readonly Case[] = openCases
  .filter(({ what, every }) => every !== undefined || what.includes('closes'))
  .map(({ rate: _, truth, ...rest }) => ({
    ...rest,
    truth: rest.every === undefined ? `${connections} ÷ responses per ms` : truth,
  }))

async function runDriver<Result>(module: string, load: unknown): Promise<Result> {
  const file = fileURLToPath(new URL(module, import.meta.url))
  await using driver = await startProcess({ name: 'the driver', file })
  return await driver.call<Result>('drive', load, { timeout: 120 })
}

/** Drives a load by a fleet of drivers. */
async function runFleet(load: Load, url: URL, drivers: number): Promise<FleetReport> {
  const file = fileURLToPath(new URL('../dist/src/driver/main.js', import.meta.url))
  await using started = new AsyncDisposableStack()
  const fleet = await Promise.all(
    Array.from({ length: drivers }, async (_, i) =>
      started.use(await startProcess({ name: `driver ${i + 1} of ${drivers}`, file })),
    ),
  )
  return await driveFleet(fleet, { load, url, signal: new AbortController().signal })
}

async function ours(
  { rate, seconds, timeout, behaviour, every }: Case,
  driver: string,
  drivers = 1,
): Promise<Reported> {
  await using server = await scriptedServer(behaviour())
  const load: Load = {
    driver,
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections,
    warmup: { least: 1, most: 1 },
    duration: seconds,
    timeout,
    seed: 1,
    ...(rate && { arrivals: { rate, spacing: 'constant', maxInFlight: 4000 } }),
  }
  const { latency, total } = await runFleet(load, server.url, drivers)
  const times = decode(latency)
  const [p50 = 0, p90 = 0, p99 = 0] = [50, 90, 99].map((percent) => times.percentile(percent) / 1e3)
  return {
    p50,
    p90,
    p99,
    failed: total.errors + total.timeouts + total.dropped,
    ofFailed: every === undefined ? 0 : Math.floor(server.requests / every),
  }
}

async function autocannon(
  { rate, seconds, timeout, behaviour, every }: Case,
  more: Partial<Options> = {},
): Promise<Reported> {
  await using server = await scriptedServer(behaviour())
  const options: Options = {
    url: server.url.href,
    connections,
    duration: seconds,
    timeout,
    ...(rate !== undefined && { overallRate: rate }),
    ...more,
  }
  // Its errors include time-outs.
  const { latency, errors } = await runDriver<Result>('./support/autocannon-process.ts', options)
  const { p50, p90, p99 } = latency
  const ofFailed = every === undefined ? 0 : Math.floor(server.requests / every)
  return { p50, p90, p99, failed: errors, ofFailed }
}

function times({ p50, p90, p99 }: Reported): string {
  const text = (ms: number): string => (ms < 10 ? String(Number(ms.toPrecision(2))) : ms.toFixed(0))
  return [p50, p90, p99].map(text).join(' / ')
}

function failures({ failed, ofFailed }: Reported): string {
  return `${failed} of ${ofFailed}`
}

async function openRow(one: Case): Promise<string> {
  const own = await ours(one, 'open-loop')
  const fleet = await ours(one, 'open-loop', fleetSize)
  const corrected = await autocannon(one)
  const plain = await autocannon(one, { ignoreCoordinatedOmission: true })
  return `| ${one.what} (${one.rate}/s) | ${one.truth} | ${times(own)} | ${failures(own)} | ${times(fleet)} | ${failures(fleet)} | ${times(corrected)} | ${times(plain)} | ${failures(plain)} |`
}

async function closedRow(one: Case): Promise<string> {
  const reported = [
    await ours(one, 'lean'),
    await ours(one, 'lean', fleetSize),
    await ours(one, 'autocannon'),
    await autocannon(one),
  ].flatMap((own) => [times(own), failures(own)])
  return `| ${[one.what, one.truth, ...reported].join(' | ')} |`
}

async function rows(cases: readonly Case[], row: (one: Case) => Promise<string>): Promise<string> {
  const made: string[] = []
  for (const one of cases) made.push(await row(one))
  return made.join('\n')
}

const others = watchOtherPrograms()
const openRows = await rows(openCases, openRow)
const closedRows = await rows(closedCases, closedRow)
const document = `# Accuracy of the drivers

Servers of known behaviour, measured by the drivers of lb and by unmodified autocannon 9.0.0. Made by
\`npm run bench:truth\` on ${machine()}. ${others()}
Times are p50 / p90 / p99 in ms; *failed* is the number of requests that the driver counted as failed, out of those to which the server
did not respond. *${fleetSize} drivers*: the same load, divided among a fleet of ${fleetSize} processes.

## Open loop: requests are due at a rate

\`open-loop\` measures from when a request was due. autocannon's rate mode is shown with its correction for coordinated omission (the
default) and without. The expected times are those of a client whose requests are due at even intervals.

| server | expected | open-loop | failed | ${fleetSize} drivers | failed | autocannon | without correction | failed |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${openRows}

## Closed loop: ${connections} connections; each sends its next request when the last was answered

\`autocannon, corrected\` is autocannon with corrected clients (\`src/driver/autocannon-client.ts\`).

| server | expected | lean | failed | ${fleetSize} drivers | failed | autocannon, corrected | failed | autocannon | failed |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${closedRows}
`

writeFileSync(new URL('../docs/measurements/driver-truth.md', import.meta.url), document)
process.stdout.write(document)
