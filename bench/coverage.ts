import { parseArgs } from 'node:util'
import { familyRows, powerRows, yardstickRows } from './simulations/comparisons.ts'
import { searchRows } from './simulations/searches.ts'
import { steadinessRows } from './simulations/steadiness.ts'
import { writeBetweenMarks } from './support/between-marks.ts'

/*
 * npm run bench:coverage [-- --runs 2000 --searches 1800 --seed 1]: simulates experiments with known truth through the
 * functions that the commands use, and counts how often intervals hold it and outcomes are right. About three minutes of one
 * CPU. Writes docs/measurements/coverage.md between its marks.
 */

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    searches: { type: 'string', default: '1800' },
    seed: { type: 'string', default: '1' },
  },
})
const [runs, searches, seed] = [options.runs, options.searches, options.seed].map(Number) as [
  number,
  number,
  number,
]

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const text = `
Made by \`npm run bench:coverage -- --runs ${runs} --searches ${searches} --seed ${seed}\`, ${runs} simulated experiments a row
unless the row says otherwise; the standard error of a share near 95 % is ${(Math.sqrt((0.95 * 0.05) / runs) * 100).toFixed(1)} points.

## Capacity for an objective

Searches of \`lb capacity\` with its defaults, on queues with Poisson arrivals and exponential service of 1 ms.

${table(['queue', 'searches', 'interval holds it', 'lies above', 'lies below', 'no interval', 'half-width (median)'], searchRows(searches, seed))}

## Families of comparisons

Arms compared with one base, with pairs whose log-ratios scatter by 5 %, δ 3 %. Any alarm between equal arms is false.

${table(['comparisons', 'blocks', 'a false alarm in the family', 'an arm 1.5 × as dear is found'], familyRows(runs, seed))}

## The reference load (yardstick)

Two equal arms on a host whose speed varies from trial to trial; beside one of them the yardstick costs more.

${table(['host varies by', 'pairs', 'yardstick dearer by', 'interval holds 1', 'false alarms', 'corrected'], yardstickRows(Math.ceil(runs / 2), seed))}

## Power of the selftest

The change that \`lb selftest\` calls found 9 times in 10, in comparisons of 8 pairs.

${table(['spread of the pairs', 'δ', 'change', 'found'], powerRows(runs, seed))}

## Steadiness

Throughput in bins of 100 ms with noise of 5 %: fraction of series that are called steady.

${table(['series', 'bins', 'as a warm-up', 'as a window'], steadinessRows(runs, seed))}
`
writeBetweenMarks('measurements/coverage.md', 'bench:coverage', text)
process.stdout.write(text)
