import { parseArgs } from 'node:util'
import { percent, quantity } from '../src/kit/units.ts'
import { median } from '../src/stats/estimates/quantile.ts'
import { quantileRanks } from '../src/stats/estimates/quantile-interval.ts'
import { writeBetweenMarks } from './support/between-marks.ts'
import { machine } from './support/figures-text.ts'
import { calibrate } from './twin/calibration.ts'
import { predicted, rateOf } from './twin/prediction.ts'
import { realRuns } from './twin/real-runs.ts'
import { services, type TwinScenario, twinScenarios } from './twin/twin-scenarios.ts'

/*
 * npm run bench:twin [-- --seconds 4 --trials 10 --only 3]: measures the service times of four kinds of backends and the overhead of the
 * balancer at three rates, predicts p50 and p99 of scenarios with up to eight mock backends, runs these with real
 * processes, and compares. About 24 minutes. Writes docs/measurements/twin.md between its marks, unless --only names one
 * scenario. Needs the build in dist/.
 */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    trials: { type: 'string', default: '10' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const seconds = Number(options.seconds)
const trials = Number(options.trials)
const seed = Number(options.seed)
/** How far a prediction may be off. */
const bar = 0.1

function backendsText({ groups }: TwinScenario): string {
  const group = ({ count, service, servers, weight = 1 }: TwinScenario['groups'][number]) =>
    `{ count: ${count}, weight: ${weight}, serviceTime: ${services[service]}, concurrency: ${servers} }`
  return `[${groups.map(group).join(', ')}]`
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${percent(Math.abs(value))}`

/** Cells of one figure: predicted, the median of the trials with its interval, and how far off. */
function cellsOf(guess: number, found: readonly number[]): { cells: string[]; off: number } {
  const sorted = found.toSorted((a, b) => a - b)
  const { lower = 1, upper = sorted.length } = quantileRanks(sorted.length, 0.5)
  const ends = [lower, upper].map((rank) => quantity(sorted[rank - 1] as number, 's'))
  const center = median(sorted)
  const off = guess / center - 1
  return {
    cells: [quantity(guess, 's'), `${quantity(center, 's')} (${ends.join(' … ')})`, signed(off)],
    off,
  }
}

const calibration = await calibrate({ seconds, trials, seed })
const chosen = twinScenarios.filter(
  (_, i) => options.only === undefined || i === Number(options.only),
)
const rows: string[][] = []
let within = 0
for (const [i, one] of chosen.entries()) {
  const rate = rateOf(one, calibration)
  // The prediction comes first: it knows nothing of the run.
  const guess = predicted(one, calibration, { rate, seconds, seed })
  const real = await realRuns({
    ...{ algorithm: one.algorithm, target: 'reference', rate, seconds, trials },
    ...{ seed: seed + 100 + i, backends: backendsText(one) },
  })
  const [p50, p99] = [50, 99].map((p, k) =>
    cellsOf(
      k === 0 ? guess.p50 : guess.p99,
      real.map((times) => times.percentile(p) / 1e6),
    ),
  ) as [ReturnType<typeof cellsOf>, ReturnType<typeof cellsOf>]
  const isWithin = Math.abs(p50.off) <= bar && Math.abs(p99.off) <= bar
  if (isWithin) within++
  const row = [
    one.algorithm,
    one.groups
      .map(({ count, service, servers }) => `${count} × ${services[service]}, ${servers} at once`)
      .join('; '),
    ...[percent(one.load), `${rate}`, ...p50.cells, ...p99.cells],
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
Made by \`npm run bench:twin -- --seconds ${seconds} --trials ${trials} --seed ${seed}\` on ${machine()}: ${trials} trials of ${seconds} s a scenario.
p50 and p99 are both within ± ${percent(bar)} of the real runs in **${within} of ${chosen.length} scenarios**. Real figures are medians
of the trials, with their 95 % interval; a prediction is that of 100 simulated trials of the same length.

${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}
`
if (options.only === undefined) writeBetweenMarks('measurements/twin.md', 'bench:twin', text)
process.stdout.write(text)
