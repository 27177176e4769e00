import { shellLine } from '../../../src/kit/command-line.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import { bullets, escaped, fenced, markdownTable } from '../../layout/markdown-parts.ts'
import type { TextTable } from '../../layout/text-table.ts'
import {
  choiceAnswer,
  choiceTable,
  choiceTrust,
  logLines,
} from '../../sections/choice/choice-words.ts'
import {
  choiceMark,
  confirmationLines,
  confirmationTable,
} from '../../sections/choice/confirmation-words.ts'
import { rateLines } from '../../sections/choice/rate-words.ts'

/** A choice for a pull request or a page. */
export function choiceMarkdown(document: ChoiceDocument): string {
  const { confirmation, scenario, world } = document
  const table = choiceTable(document)
  return `${[
    `## ${escaped(table.title)}`,
    `${confirmation?.outcome === 'confirmed' ? '✅' : '⚠️'} **${escaped(choiceMark(document))}**`,
    escaped(choiceAnswer(document).join(' ')),
    tableOf(table),
    bullets([
      ...[...table.notes, ...rateLines(document), ...logLines(document)],
      ...[`Backends of scenario ${scenario}`, ...world, ...choiceTrust(document)],
    ]),
    ...(confirmation === undefined ? [] : confirmationMarkdown(confirmation)),
    fenced('sh', shellLine(['npx', 'lb', ...document.command])),
  ].join('\n\n')}\n`
}

function confirmationMarkdown(
  confirmation: NonNullable<ChoiceDocument['confirmation']>,
): readonly string[] {
  const table = confirmationTable(confirmation)
  return [
    `### ${escaped(table.title)}`,
    tableOf(table),
    bullets([...table.notes, ...confirmationLines(confirmation)]),
  ]
}

function tableOf({ head, rows }: TextTable): string {
  return markdownTable(
    head.map(escaped),
    rows.map((row) => row.map(escaped)),
  )
}
