import { parseArgs } from 'node:util'
import type { Algorithm } from '../src/algorithms/algorithm.ts'
import { algorithms } from '../src/algorithms/index.ts'
import { clientKey } from '../src/simulator/arrival-stream.ts'
import { DispatcherSet } from '../src/simulator/dispatcher-set.ts'
import { Engine } from '../src/simulator/engine.ts'
import type { World } from '../src/simulator/options.ts'
import { writeBetweenMarks } from './support/between-marks.ts'
import { machine } from './support/figures-text.ts'

/*
 * npm run bench:simulator [-- --seconds 1 --only maglev]: simulated requests a CPU-second for each algorithm at 10, 1,000 and
 * 10,000 backends at a load of 0.7, and the time of one pick, with an index and without. Under five minutes. Writes
 * docs/measurements/simulator.md between its marks, unless --only is given.
 */

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '1' }, only: { type: 'string' } },
})
const seconds = Number(options.seconds)
const sizes = [10, 1000, 10_000]

/** Clients for each backend: so many that few backends get more than they can serve from those that hash to them. */
const clientsEach = 40

function worldOf({ inputs }: Algorithm, backends: number, requests: number): World {
  const one = { weight: 1, service: { kind: 'exponential', mean: 0.01 }, servers: 1 } as const
  return {
    backends: Array.from({ length: backends }, () => one),
    arrivals: { kind: 'poisson', rate: 70 * backends },
    ...(inputs.includes('key') && { keys: { count: clientsEach * backends, skew: 0 } }),
    clients: { timeout: 1e9 },
    requests,
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Requests until every backend has some, and all code is compiled. */
const warmupRequests = 30_000

/**
 * Simulated requests a CPU-second, of a run that takes about so long. Rings and tables are made before: they are made once a
 * replication, however many requests it has.
 */
function speed(algorithm: Algorithm, backends: number): number {
  const simulated = { name: algorithm.name, algorithm, settings: settingsFor(algorithm, backends) }
  const timed = (requests: number): number => {
    const engine = new Engine(worldOf(algorithm, backends, requests), simulated, 1)
    const begun = cpuSeconds()
    engine.run()
    return requests / (cpuSeconds() - begun)
  }
  return timed(Math.round(Math.max(warmupRequests, seconds * timed(warmupRequests))))
}

/** Nanoseconds of one pick, without the rest of the simulation: one request in flight for seven in ten backends. */
function pickNanoseconds(algorithm: Algorithm, backends: number, dispatchers: number): number {
  const settings = settingsFor(algorithm, backends)
  const set = new DispatcherSet(
    // Balancers that share their counts are told of no changes: their pickers keep no index.
    { ...worldOf(algorithm, backends, 1), dispatchers: { count: dispatchers, refresh: 0 } },
    { name: algorithm.name, algorithm, settings },
    1,
  )
  const rows: number[] = []
  const keys = Array.from({ length: 1000 }, (_, i) => clientKey(i * 37))
  for (let i = 0; i < 0.7 * backends; i++) rows.push(set.send(0, keys[i % 1000] as string, 0))
  let picks = 0
  let block = 20
  const begun = cpuSeconds()
  // The clock takes a microsecond to read: blocks become longer.
  for (; cpuSeconds() - begun < seconds / 16; block *= 2) {
    for (let i = 0; i < block; i++) {
      const at = picks++ % rows.length
      const now = picks * 1e-6
      set.responded(0, rows[at] as number, 0.01, now)
      set.ended(0, rows[at] as number)
      rows[at] = set.send(0, keys[picks % 1000] as string, now)
    }
  }
  return ((cpuSeconds() - begun) / picks) * 1e9
}

/** A table of Maglev must have more entries than backends. */
function settingsFor({ name }: Algorithm, backends: number): Record<string, number> {
  return name === 'maglev' && backends > 1000 ? { tableSize: 1_000_003 } : {}
}

const thousands = (value: number) =>
  (value / 1000).toLocaleString('en-US', { maximumFractionDigits: value < 1e5 ? 1 : 0 })

const rows = algorithms
  .filter(({ name }) => options.only === undefined || name === options.only)
  .map((algorithm) => {
    const speeds = sizes.map((backends) => thousands(speed(algorithm, backends)))
    const picks = [1, 2].map((dispatchers) =>
      sizes.map((backends) => Math.round(pickNanoseconds(algorithm, backends, dispatchers))),
    )
    const row = [
      algorithm.name,
      algorithm.cost,
      ...speeds,
      ...picks.map((ns) => ns.map((one) => one.toLocaleString('en-US')).join(' / ')),
    ]
    process.stderr.write(`${row.join(' · ')}\n`)
    return row
  })
const head = [
  ...['algorithm', 'pick', 'thousand requests a CPU-second at 10', '1,000', '10,000'],
  ...['ns of a pick at 10 / 1,000 / 10,000', 'without an index'],
]
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const text = `
Made by \`npm run bench:simulator -- --seconds ${seconds}\` on ${machine()}: simulated requests a CPU-second at a load of 0.7, with
exponential service of 10 ms and 40 clients for each backend, and the time of a pick and of the upkeep of its index, with 7 requests
in flight for 10 backends. ip-hash has 6,271 hashes, as nginx has: of 10,000 backends it overloads as many, and their queues grow.

${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}
`
if (options.only === undefined)
  writeBetweenMarks('measurements/simulator.md', 'bench:simulator', text)
process.stdout.write(text)
