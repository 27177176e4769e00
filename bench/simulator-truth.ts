import { parseArgs } from 'node:util'
import { percent, rounded } from '../src/kit/units.ts'
import { type TruthCase, truthCases } from './simulator/truth-cases.ts'
import { type TruthCell, truthCells } from './simulator/truth-cells.ts'
import { writeBetweenMarks } from './support/between-marks.ts'

/*
 * npm run bench:simulator-truth [-- --requests 50000 --sets 1 --seed 1 --only M/M/1]: simulates queues whose truth is known, and
 * counts how often the interval of ten replications holds it. Ends with 1 where fewer than 93 % do. Writes
 * docs/measurements/simulator.md between its marks, unless --only is given.
 */

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '50000' },
    sets: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const [requests, sets, firstSeed] = [options.requests, options.sets, options.seed].map(Number) as [
  number,
  number,
  number,
]
const allLoads = [0.3, 0.7, 0.9, 0.95]
const replications = 10
/** Fraction of the cells whose interval must hold the truth. */
const bar = 0.93

function cellsOf(one: TruthCase): TruthCell[] {
  return (one.loads ?? allLoads).flatMap((load) =>
    Array.from({ length: sets }, (_, set) => {
      const seed = firstSeed + set
      const longer = Math.round(requests / (1 - load))
      return truthCells(one, load, { requests: longer, replications, seed })
    }).flat(),
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const chosen = truthCases.filter(({ name }) => options.only === undefined || name === options.only)
const all: TruthCell[] = []
for (const one of chosen) {
  const cells = cellsOf(one)
  all.push(...cells)
  const held = cells.filter(({ holds }) => holds).length
  process.stderr.write(`${one.name}: ${held} of ${cells.length}\n`)
}
const held = all.filter(({ holds }) => holds).length
const summary = `${held} of ${all.length} cells (${percent(held / all.length)})`
const rows = all.map(({ name, load, metric, truth, low, center, high, holds }) => [
  ...[name, String(load), metric, rounded(truth), rounded(center)],
  ...[`${rounded(low)} … ${rounded(high)}`, holds ? '' : 'no'],
])
const text = `
Made by \`npm run bench:simulator-truth -- --requests ${requests} --sets ${sets} --seed ${firstSeed}\`: ${replications} replications of
${requests.toLocaleString('en-US')} ÷ (1 − load) requests a cell, mean service time 1 s, warm-up cut by MSER-5. The 95 % interval holds the truth in
**${summary}**; the bar is ${percent(bar)}.

${table(['queue', 'load', 'metric', 'theory', 'simulated', 'interval', 'outside'], rows)}
`
if (options.only === undefined)
  writeBetweenMarks('measurements/simulator.md', 'bench:simulator-truth', text)
process.stdout.write(text)
if (held / all.length < bar) process.exitCode = 1
