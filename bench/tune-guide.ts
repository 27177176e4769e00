import { machine } from '../reports/sections/run-lines.ts'
import { effectWords } from '../reports/sections/tune.ts'
import { knobs } from '../src/knobs/index.ts'
import type { ResultDocument } from '../src/result/document.ts'
import { readResult } from '../src/result/read.ts'
import type { Tune } from '../src/result/tune.ts'
import { writeBetweenMarks } from './support/between-marks.ts'

/*
 * npm run bench:tune-guide -- RESULT.json …: writes the table of docs/guide/tuning.md from results of `lb tune`, a column
 * for each. Without a result: the advice and the commands alone.
 */

const documents: (ResultDocument & { tune: Tune })[] = []
for (const file of process.argv.slice(2)) {
  const document = await readResult(file)
  const { tune } = document
  if (tune === undefined) throw new Error(`${file} is no result of lb tune`)
  documents.push({ ...document, tune })
}

/** What one document says of a knob: `off: hurts, CPU per request +34 %`. */
function figureOf(knob: string, { knobs: all, skipped }: Tune): string {
  const own = all.filter((one) => one.knob === knob)
  if (own.length > 0) {
    return own.map((one) => `${one.value}: ${one.answer}, ${effectWords(one)}`).join('; ')
  }
  const left = skipped.find((one) => one.knob === knob)
  return left === undefined || left.reason === 'target-lacks' ? '–' : 'not measured'
}

const rows = knobs.map(({ name, advice, source, settings }) => {
  const [target = ''] = Object.keys(settings)
  const flag = target === 'reference' || target === '' ? '' : ` --target ${target}`
  const command = target === '' ? '–' : `\`npx lb tune${flag} --only ${name}\``
  return [advice, source, command, ...documents.map(({ tune }) => figureOf(name, tune))]
})
const head = ['advice', 'source', 'command', ...documents.map(({ tune }) => tune.target)]
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
