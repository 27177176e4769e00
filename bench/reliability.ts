import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { place, placementHost } from '../src/lab/cores.ts'
import { openTempDir } from '../src/lab/temp-dir.ts'
import { measureBesideCrowd } from './reliability/beside-crowd.ts'
import { document } from './reliability/document.ts'
import { measureDraining } from './reliability/draining.ts'
import { measureKilledBackends } from './reliability/killed-backends.ts'
import { measureKilledBalancers } from './reliability/killed-balancers.ts'
import { measureKilledWorkers } from './reliability/killed-workers.ts'
import { measuredProtocols } from './reliability/protocols.ts'
import { placementText } from './support/placement-text.ts'

/*
 * npm run bench:reliability: the requests that clients of the balancer lose while backends, workers and the balancer itself are killed, while
 * members change, while it drains, and beside crowds of misbehaving clients, over HTTP/1.1 and HTTP/2; written to
 * docs/measurements/reliability.md, or to the file of --out. Takes half an hour, and 11 s longer for each abort beyond 12
 * (`--aborts 100`); `--seconds 10 --rounds 1 --idle 500 --aborts 2` is a short one. Run it where /proc/net/tcp is short: in a network
 * namespace of its own (`unshare -n`, and `ip link set lo up` in it) where other programs have thousands of sockets.
 */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '8' },
    idle: { type: 'string', default: '10000' },
    aborts: { type: 'string', default: '12' },
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

function progress(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what} …\n`)
}

const quarter = () => wait((everySeconds * 1000) / 4)
const fullPause = () => wait(everySeconds * 1000)
const placement = place({ ...(await placementHost()), cores: 1 })
await using scratch = await openTempDir()
const common = { rate, kills, build: 'dist', scratch: scratch.path } as const

const measured = []
for (const { name, ...protocols } of measuredProtocols) {
  const run = { ...common, protocols }
  progress(`${name}: backends are killed`)
  const killed = await measureKilledBackends({ ...run, changing: false, pause: quarter })
  progress(`${name}: backends are killed, and members change`)
  const changing = await measureKilledBackends({ ...run, changing: true, pause: quarter })
  progress(`${name}: workers are killed`)
  const workers = await measureKilledWorkers({ ...run, pause: fullPause })
  progress(`${name}: balancers drain`)
  const drains = await measureDraining({ ...run, drains: kills, pause: fullPause })
  measured.push({ name, killed, changing, workers, drains })
}
progress('balancers are killed, and their parents restart them')
const balancers = await Promise.all(
  measuredProtocols.map(async ({ clients, backends }, index, all) => {
    // One after the other is killed.
    await wait((index / all.length) * balancerSeconds * 1000)
    return await measureKilledBalancers({
      ...common,
      protocols: { clients, backends },
      rate: rate / all.length,
      kills: aborts,
      pause: () => wait(balancerSeconds * 1000),
    })
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
  losses: measured.map((run, index) => ({
    ...run,
    balancers: balancers[index] as (typeof balancers)[number],
  })),
  crowds: besideCrowds,
  windowSeconds,
  crowdRate,
  http2Rate,
  placement: placementText(placement, 1),
})
writeFileSync(values.out, text)
process.stdout.write(text)
