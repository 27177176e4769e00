import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { exitCodes } from '../src/kit/exit-codes.ts'
import { place, placementHost } from '../src/lab/cores.ts'
import { openTempDir } from '../src/lab/temp-dir.ts'
import { measureBesideCrowd } from './reliability/beside-crowd.ts'
import { document } from './reliability/document.ts'
import { measureDraining } from './reliability/draining.ts'
import { measureKilledBackends } from './reliability/killed-backends.ts'
import { measureKilledBalancers } from './reliability/killed-balancers.ts'
import { measureKilledWorkers } from './reliability/killed-workers.ts'
import { measuredProtocols, type Protocols } from './reliability/protocols.ts'
import { placementText } from './support/placement-text.ts'

/*
 * npm run bench:reliability: the requests that clients of the balancer lose while backends, workers and the balancer itself are killed, while
 * members change, while it drains, and beside crowds of misbehaving clients, over HTTP/1.1 and HTTP/2; written to
 * docs/measurements/reliability.md, or to the file of --out. Takes 14 minutes; `--seconds 10 --rounds 1 --idle 500 --aborts 4` is a short
 * one of 3.
 */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '50' },
    rate: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '4' },
    idle: { type: 'string', default: '10000' },
    // Of all rows together.
    aborts: { type: 'string', default: '100' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../docs/measurements/reliability.md', import.meta.url)),
    },
  },
})
const [seconds, rate, rounds, idle, aborts] = [
  values.seconds,
  values.rate,
  values.rounds,
  values.idle,
  values.aborts,
].map((text) => {
  const count = Number(text)
  if (!(Number.isInteger(count) && count >= 1))
    throw new Error(`${text}: must be an integer of at least 1`)
  return count
}) as [number, number, number, number, number]
const everySeconds = 5
/** Longer than the time of service after which a restart is at once again. */
const balancerSeconds = 11
const kills = Math.max(1, Math.floor(seconds / everySeconds))
const windowSeconds = Math.min(6, seconds / 2)
const crowdRate = rate / 2
const http2Rate = rate / 20
const crowds = [
  {
    name: 'HTTP/1.1',
    backends: 'http1',
    crowd: { idle, slowHeads: 500, slowReaders: 50 },
  },
  {
    name: 'HTTP/2',
    backends: 'http2',
    crowd: {
      idleHttp2: idle,
      zeroWindows: 50,
      unfinishedHeads: 200,
      resetFloods: 4,
      continuationFloods: 4,
    },
  },
] as const

// Their handlers end the processes that were started; without one, a signal would leave them behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => process.exit(exitCodes.error))

function progress(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what} …\n`)
}

const quarter = () => wait((everySeconds * 1000) / 4)
const fullPause = () => wait(everySeconds * 1000)
const placement = place({ ...(await placementHost()), cores: 1 })
await using scratch = await openTempDir()
const rows = measuredProtocols.length
const common = { rate: rate / rows, kills, build: 'dist', scratch: scratch.path } as const

/** Makes the runs of all rows side by side. They begin one after the other within `everySeconds`, and so do their kills. */
async function inEachRow<Losses>(
  happens: string,
  everySeconds: number,
  measure: (run: typeof common & { readonly protocols: Protocols }) => Promise<Losses>,
): Promise<(row: number) => Losses> {
  progress(happens)
  const losses = await Promise.all(
    measuredProtocols.map(async ({ clients, backends }, row) => {
      await wait((row / rows) * everySeconds * 1000)
      return await measure({ ...common, protocols: { clients, backends } })
    }),
  )
  return (row) => losses[row] as Losses
}

const killed = await inEachRow('backends are killed', everySeconds, (run) =>
  measureKilledBackends({ ...run, changing: false, pause: quarter }),
)
const changing = await inEachRow('backends are killed, and members change', everySeconds, (run) =>
  measureKilledBackends({ ...run, changing: true, pause: quarter }),
)
const workers = await inEachRow('workers are killed', everySeconds, (run) =>
  measureKilledWorkers({ ...run, pause: fullPause }),
)
const drains = await inEachRow('balancers drain', everySeconds, (run) =>
  measureDraining({ ...run, drains: kills, pause: fullPause }),
)
const balancers = await inEachRow(
  'balancers are killed, and their parents restart them',
  balancerSeconds,
  (run) =>
    measureKilledBalancers({
      ...run,
      kills: Math.ceil(aborts / rows),
      pause: () => wait(balancerSeconds * 1000),
    }),
)
const besideCrowds = []
for (const { name, backends, crowd } of crowds) {
  progress(`clients are measured beside a crowd in ${name}`)
  const options = { rounds, seconds: windowSeconds, rate: crowdRate, http2Rate, placement }
  const where = { build: 'dist', scratch: scratch.path } as const
  const result = await measureBesideCrowd({ ...options, ...where, backends, crowd })
  besideCrowds.push({ name: `A crowd in ${name}`, result: { ...result, crowd } })
}
progress('done')

const text = document({
  host: `${cpus()[0]?.model} (${cpus().length} CPUs), Node ${process.version}`,
  date: new Date().toISOString().slice(0, 10),
  rate,
  seconds,
  everySeconds,
  balancerSeconds,
  losses: measuredProtocols.map(({ name }, row) => ({
    name,
    killed: killed(row),
    changing: changing(row),
    workers: workers(row),
    drains: drains(row),
    balancers: balancers(row),
  })),
  crowds: besideCrowds,
  windowSeconds,
  crowdRate,
  http2Rate,
  placement: placementText(placement, 1),
})
writeFileSync(values.out, text)
process.stdout.write(text)
