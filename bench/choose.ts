import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rounded } from '../src/kit/units.ts'
import type { ChoiceDocument } from '../src/result/choice.ts'
import { type ChoiceCase, choiceCases, logText, scenarioText } from './choose/choice-cases.ts'
import { writeBetweenMarks } from './support/between-marks.ts'
import { machine, ratioText } from './support/figures-text.ts'
import { runLb } from './support/run-lb.ts'

/*
 * npm run bench:choose [-- --seconds 90 --seed 1 --rounds 1]: logs with a known best algorithm through "lb choose", with its run on real
 * processes. Under six minutes a round. Writes docs/measurements/choose.md between its marks. Needs the build in dist/.
 */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '1' },
    requests: { type: 'string', default: '10000' },
  },
})
const seed = Number(options.seed)
const root = join(import.meta.dirname, '..')

async function chosen(one: ChoiceCase, ownSeed: number): Promise<ChoiceDocument> {
  const folder = await mkdtemp(join(tmpdir(), 'lb-choose-'))
  try {
    const [log, scenario] = [join(folder, 'access.log'), join(folder, 'case.yaml')]
    await writeFile(log, logText(one, Number(options.requests), ownSeed))
    await writeFile(scenario, scenarioText(one))
    const { code, stdout, stderr } = await runLb(root, [
      ...['choose', scenario, '--log', log, '--slo', 'p99<100ms', '--seed', String(ownSeed)],
      ...['--max-time', `${options.seconds}s`, '--no-keep', '--progress', 'none', '--json'],
    ])
    if (stdout === '') throw new Error(`lb choose ended with ${code}: ${stderr}`)
    return JSON.parse(stdout) as ChoiceDocument
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Each algorithm on real processes: `round-robin 2.10 (1.80 to 2.45), simulated 2.20: confirmed`. */
function pairsText({ confirmation, notConfirmed }: ChoiceDocument): string {
  if (confirmation === undefined) return notConfirmed?.code ?? ''
  return confirmation.pairs
    .map(({ name, measured, simulated, outcome }) => {
      const real = measured === undefined ? '–' : ratioText(measured.ratio)
      return `${name} × ${real}, simulated ${rounded(simulated?.ratio.center ?? 0)}: ${outcome}`
    })
    .join('; ')
}

function rateOf({ rates, inUse }: ChoiceDocument): string {
  const found = rates?.algorithms.find(({ name }) => name === inUse)?.rate
  if (found === undefined) return '–'
  return `${rounded(found.center)} (${rounded(found.low)} to ${rounded(found.high)})`
}

const rows: string[][] = []
let right = 0
let contradicted = 0
for (let round = 0; round < Number(options.rounds); round++) {
  for (const one of choiceCases) {
    const choice = await chosen(one, seed + round)
    const isRight = one.isRight(choice)
    if (isRight) right++
    if (choice.confirmation?.outcome === 'contradicted') contradicted++
    const { ranking, confirmation } = choice
    const others = (ranking?.asGood.length ?? 1) - 1
    const row = [
      ...[one.name, one.truth, `${ranking?.best}${others > 0 ? ` +${others}` : ''}`],
      ...[isRight ? 'right' : 'wrong', confirmation?.outcome ?? 'not run'],
      ...[pairsText(choice), rateOf(choice)],
    ]
    rows.push(row)
    process.stderr.write(`${row.join(' · ')}\n`)
  }
}
const head = [
  ...['traffic', 'known best', 'chosen (+ as good)', 'choice', 'on real processes'],
  ...['p99 ÷ that of the best, measured (interval) and simulated', 'round robin: p99<100ms up to'],
]
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const text = `
Made by \`npm run bench:choose -- --seconds ${options.seconds} --seed ${seed} --rounds ${options.rounds}\` on ${machine()}: logs of
${options.requests} requests. The choice is right in **${right} of ${rows.length}**; real processes contradict ${contradicted}.

${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}
`
writeBetweenMarks('measurements/choose.md', 'bench:choose', text)
process.stdout.write(text)
