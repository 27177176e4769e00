import { parseArgs } from 'node:util'
import type { Algorithm } from '../src/algorithms/algorithm.ts'
import { algorithms } from '../src/algorithms/index.ts'
import { clientKey } from '../src/simulator/arrival-stream.ts'
import { DispatcherSet } from '../src/simulator/dispatcher-set.ts'
import type { World } from '../src/simulator/options.ts'
import { replicate } from '../src/simulator/simulate.ts'
import { writeBetweenMarks } from './support/between-marks.ts'

/*
 * npm run bench:simulator [-- --seconds 2 --only maglev]: simulated requests a CPU-second for each algorithm at 10, 1,000 and
 * 10,000 backends at a load of 0.7, and the time of one pick. Writes docs/measurements/simulator.md between its marks, unless
 * --only is given.
 */

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, only: { type: 'string' } },
})
const seconds = Number(options.seconds)
const sizes = [10, 1000, 10_000]

function worldOf(backends: number, requests: number): World {
  const one = { weight: 1, service: { kind: 'exponential', mean: 1 }, servers: 1 } as const
  return {
    backends: Array.from({ length: backends }, () => one),
    arrivals: { kind: 'poisson', rate: 0.7 * backends },
    keys: { count: 10_000, skew: 0 },
    clients: { timeout: 1e9 },
    requests,
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Simulated requests a CPU-second: longer runs until one takes long enough. */
function speed(algorithm: Algorithm, backends: number): number {
  const simulated = { name: algorithm.name, algorithm, settings: settingsFor(algorithm, backends) }
  for (let requests = 2000; ; requests *= 4) {
    const begun = cpuSeconds()
    replicate(worldOf(backends, requests), simulated, 1)
    const took = cpuSeconds() - begun
    if (took >= seconds || requests > 2e7) return requests / took
  }
}

/** Nanoseconds of one pick, without the rest of the simulation: one request in flight for seven in ten backends. */
function pickNanoseconds(algorithm: Algorithm, backends: number): number {
  const settings = settingsFor(algorithm, backends)
  const set = new DispatcherSet(
    worldOf(backends, 1),
    { name: algorithm.name, algorithm, settings },
    1,
  )
  const rows: number[] = []
  const keys = Array.from({ length: 1000 }, (_, i) => clientKey(i * 37))
  for (let i = 0; i < 0.7 * backends; i++) rows.push(set.send(0, keys[i % 1000] as string, 0))
  let picks = 0
  const begun = cpuSeconds()
  do {
    for (let i = 0; i < 20; i++) {
      const at = picks++ % rows.length
      set.ended(0, rows[at] as number)
      rows[at] = set.send(0, keys[picks % 1000] as string, picks * 1e-3)
    }
  } while (cpuSeconds() - begun < seconds / 4)
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
    const picks = sizes.map((backends) => Math.round(pickNanoseconds(algorithm, backends)))
    const row = [
      algorithm.name,
      algorithm.cost,
      ...speeds,
      ...picks.map((ns) => ns.toLocaleString('en-US')),
    ]
    process.stderr.write(`${row.join(' · ')}\n`)
    return row
  })
const head = [
  ...['algorithm', 'pick', 'thousand requests a CPU-second at 10', '1,000', '10,000'],
  ...['ns of a pick at 10', '1,000', '10,000'],
]
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const text = `
Made by \`npm run bench:simulator\` on Node ${process.version}: simulated requests a CPU-second at a load of 0.7, with exponential
service, and what a pick alone takes with 7 requests in flight for 10 backends.

${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}
`
if (options.only === undefined)
  writeBetweenMarks('measurements/simulator.md', 'bench:simulator', text)
process.stdout.write(text)
