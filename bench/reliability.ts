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
import { placementText } from './support/placement-text.ts'

/*
 * npm run bench:reliability: the requests that clients of the balancer lose while backends, workers and the balancer itself are killed, while
 * members change, while it drains, and beside a crowd of misbehaving clients; written to docs/measurements/reliability.md, or to the
 * file of --out. Takes ten minutes, and 11 s longer for each abort beyond 12 (`--aborts 100`); `--seconds 10 --rounds 1 --idle 500` is a short one.
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
const crowd = { idle, slowHeads: 500, slowReaders: 50 }

function progress(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what} …\n`)
}

const quarter = () => wait((everySeconds * 1000) / 4)
const fullPause = () => wait(everySeconds * 1000)
const placement = place({ ...(await placementHost()), cores: 1 })
await using scratch = await openTempDir()
const common = { rate, kills, build: 'dist', scratch: scratch.path } as const

progress('backends are killed')
const killed = await measureKilledBackends({ ...common, changing: false, pause: quarter })
progress('backends are killed, and members change')
const changing = await measureKilledBackends({ ...common, changing: true, pause: quarter })
progress('workers are killed')
const workers = await measureKilledWorkers({ ...common, pause: fullPause })
progress('the balancer is killed, and its parent restarts it')
const balancers = await measureKilledBalancers({
  ...common,
  kills: aborts,
  pause: () => wait(balancerSeconds * 1000),
})
progress('balancers drain')
const drains = await measureDraining({ ...common, drains: kills, pause: fullPause })
progress('clients are measured beside a crowd')
const options = { rounds, seconds: windowSeconds, rate: crowdRate, crowd, placement }
const busy = await measureBesideCrowd({ ...options, build: 'dist', scratch: scratch.path })
progress('done')

const text = document({
  host: `${cpus()[0]?.model} (${cpus().length} CPUs), Node ${process.version}`,
  date: new Date().toISOString().slice(0, 10),
  rate,
  seconds,
  everySeconds,
  balancerSeconds,
  killed,
  changing,
  workers,
  balancers,
  drains,
  crowd: { ...busy, crowd },
  windowSeconds,
  crowdRate,
  placement: placementText(placement, 1),
})
writeFileSync(values.out, text)
process.stdout.write(text)
