import { signed } from '../reports/sections/comparisons.ts'
import { machine } from '../reports/sections/run-lines.ts'
import { decidingEffect, effectWords } from '../reports/sections/tune.ts'
import { knobs } from '../src/knobs/index.ts'
import type { ResultDocument } from '../src/result/document.ts'
import { readResult } from '../src/result/read.ts'
import type { Tune, TurnedKnob } from '../src/result/tune.ts'
import { writeBetweenMarks } from './support/between-marks.ts'

/*
 * npm run bench:tune-guide -- RESULT.json …: writes the table of docs/guide/tuning.md from results of `lb tune`: a column
 * for each target, which may have several results (`--cores 2 --only limiter=all` beside all knobs). Without a result: the advice and
 * the commands alone.
 */

const documents: (ResultDocument & { tune: Tune })[] = []
for (const file of process.argv.slice(2)) {
  const document = await readResult(file)
  const { tune } = document
  if (tune === undefined) throw new Error(`${file} is no result of lb tune`)
  documents.push({ ...document, tune })
}

type TuneDocument = (typeof documents)[number]

/** What the results of one target say of a knob: `off: hurts, CPU per request +34 % (+30 % … +38 %)`. */
function figureOf(knob: string, own: readonly TuneDocument[]): string {
  const figures = own.flatMap(({ tune, plan }) => {
    const { cores = 1 } = plan.arms[0] ?? {}
    const on = cores === 1 || knob === 'workers' ? '' : ` on ${cores} workers`
    return tune.knobs
      .filter((one) => one.knob === knob)
      .map((one) => `${one.value}${on}: ${one.answer}, ${effectWords(one)}${intervalOf(one)}`)
  })
  if (figures.length > 0) return figures.join('; ')
  const left = own.flatMap(({ tune }) => tune.skipped).find((one) => one.knob === knob)
  return left === undefined || left.reason === 'target-lacks' ? '–' : 'not measured'
}

function intervalOf(one: TurnedKnob): string {
  const { ratio } = decidingEffect(one) ?? {}
  return ratio === undefined ? '' : ` (${signed(ratio.low)} … ${signed(ratio.high)})`
}

const targets = [...Map.groupBy(documents, ({ tune }) => tune.target)]

const rows = knobs.map(({ name, advice, source, settings }) => {
  const [target = ''] = Object.keys(settings)
  const flag = target === 'reference' || target === '' ? '' : ` --target ${target}`
  const command = target === '' ? '–' : `\`npx lb tune${flag} --only ${name}\``
  return [advice, source, command, ...targets.map(([, own]) => figureOf(name, own))]
})
const head = ['advice', 'source', 'command', ...targets.map(([name]) => name)]
const line = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
const made = documents.map(
  (document) =>
    `${document.tune.target}: \`npx lb ${document.command.join(' ')}\`, ${document.plan.blocks} blocks, the twin: ${document.tune.twin?.answer ?? 'none'}; ${machine(document)}.`,
)
writeBetweenMarks(
  'guide/tuning.md',
  'bench:tune-guide',
  [[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'), ...made].join('\n\n'),
)
