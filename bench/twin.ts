import { parseArgs } from 'node:util'
import { algorithms } from '../src/algorithms/index.ts'
import { percent, quantity } from '../src/kit/units.ts'
import type { Service, SimulatedBackend, World } from '../src/simulator/options.ts'
import { meanOf } from '../src/simulator/service-draw.ts'
import { simulate } from '../src/simulator/simulate.ts'
import { writeBetweenMarks } from './support/between-marks.ts'
import { machine } from './support/figures-text.ts'
import { measuredService } from './twin/measured-service.ts'
import { realRun } from './twin/real-run.ts'
import {
  type ServiceName,
  services,
  type TwinScenario,
  twinScenarios,
} from './twin/twin-scenarios.ts'

/*
 * npm run bench:twin [-- --seconds 15 --only 3]: measures the service time of four kinds of backends and the cost of the balancer,
 * predicts p50 and p99 of scenarios with up to eight mock backends, runs these with real processes, and compares. Under six minutes.
 * Writes docs/measurements/twin.md between its marks, unless --only names one scenario. Needs the build in dist/.
 */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const seconds = Number(options.seconds)
const seed = Number(options.seed)
/** How far a prediction may be off. */
const bar = 0.1

const fitting = { rate: 300, seconds: Math.max(2, seconds / 3), seed, algorithm: 'round-robin' }

/** Times without a service time: of the way to a backend, and through the balancer. */
async function overheads(): Promise<{ direct: number; balancer: Service }> {
  const backends = '{ count: 1 }'
  const direct = await realRun({ ...fitting, target: 'direct', backends })
  const balanced = await realRun({ ...fitting, target: 'reference', backends })
  return { direct: direct.percentile(50) / 1e6, balancer: measuredService(balanced, 0) }
}

async function measuredServices(overhead: number): Promise<Record<ServiceName, Service>> {
  const found: [string, Service][] = []
  for (const [name, text] of Object.entries(services)) {
    const backends = `{ count: 1, serviceTime: ${text} }`
    found.push([
      name,
      measuredService(await realRun({ ...fitting, target: 'direct', backends }), overhead),
    ])
  }
  return Object.fromEntries(found) as Record<ServiceName, Service>
}

/** Requests per second of a scenario, by the service times that were measured. */
function rateOf({ load, groups }: TwinScenario, measured: Record<ServiceName, Service>): number {
  const capacity = groups.reduce(
    (sum, { count, service, servers }) => sum + (count * servers) / meanOf(measured[service]),
    0,
  )
  return Math.round(load * capacity)
}

/** p50 and p99 in seconds, as the simulator predicts them. */
function predicted(
  one: TwinScenario,
  rate: number,
  fit: { measured: Record<ServiceName, Service>; balancer: Service },
): { p50: number; p99: number } {
  const backends = one.groups.flatMap(({ count, service, servers, weight = 1 }) => {
    const backend: SimulatedBackend = { weight, service: fit.measured[service], servers }
    return Array.from({ length: count }, () => backend)
  })
  const world: World = {
    backends,
    arrivals: { kind: 'poisson', rate },
    // A delay that holds nothing up: the balancer is far from its capacity.
    balancer: { servers: 0, service: fit.balancer },
    clients: { timeout: 10 },
    requests: 100_000,
  }
  const algorithm = algorithms.find(({ name }) => name === one.algorithm)
  if (algorithm === undefined) throw new Error(`no algorithm ${one.algorithm}`)
  const simulated = { name: algorithm.name, algorithm }
  const result = simulate({ world, algorithms: [simulated], replications: 6, seed })
  const metrics = result.algorithms[0]?.metrics
  return { p50: metrics?.p50.center ?? 0, p99: metrics?.p99.center ?? 0 }
}

function backendsText({ groups }: TwinScenario): string {
  const group = ({ count, service, servers, weight = 1 }: TwinScenario['groups'][number]) =>
    `{ count: ${count}, weight: ${weight}, serviceTime: ${services[service]}, concurrency: ${servers} }`
  return `[${groups.map(group).join(', ')}]`
}

const { direct, balancer } = await overheads()
const measured = await measuredServices(direct)
const chosen = twinScenarios.filter(
  (_, i) => options.only === undefined || i === Number(options.only),
)
const rows: string[][] = []
let within = 0
for (const [i, one] of chosen.entries()) {
  const rate = rateOf(one, measured)
  // The prediction comes first: it knows nothing of the run.
  const guess = predicted(one, rate, { measured, balancer })
  const real = await realRun({
    ...{ algorithm: one.algorithm, target: 'reference', rate, seconds, seed: seed + 100 + i },
    backends: backendsText(one),
  })
  const found = { p50: real.percentile(50) / 1e6, p99: real.percentile(99) / 1e6 }
  const off = { p50: guess.p50 / found.p50 - 1, p99: guess.p99 / found.p99 - 1 }
  const isWithin = Math.abs(off.p50) <= bar && Math.abs(off.p99) <= bar
  if (isWithin) within++
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${percent(value)}`
  const row = [
    one.algorithm,
    one.groups
      .map(({ count, service, servers }) => `${count} × ${services[service]}, ${servers} at once`)
      .join('; '),
    ...[percent(one.load), `${rate}`],
    ...[quantity(guess.p50, 's'), quantity(found.p50, 's'), signed(off.p50)],
    ...[quantity(guess.p99, 's'), quantity(found.p99, 's'), signed(off.p99)],
    isWithin ? '' : 'no',
  ]
  rows.push(row)
  process.stderr.write(`${row.join(' · ')}\n`)
}
const head = [
  ...['algorithm', 'backends', 'load', 'req/s', 'p50 predicted', 'real', 'off'],
  ...['p99 predicted', 'real', 'off', `beyond ${percent(bar)}`],
]
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const text = `
Made by \`npm run bench:twin -- --seconds ${seconds} --seed ${seed}\` on ${machine()}: ${seconds} s a scenario. p50 and p99 are both within
± ${percent(bar)} of the real run in **${within} of ${chosen.length} scenarios**. The p99 of a run of ${seconds} s is itself uncertain by some percent.

${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}
`
if (options.only === undefined) writeBetweenMarks('measurements/twin.md', 'bench:twin', text)
process.stdout.write(text)
