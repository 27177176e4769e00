import { shellLine } from '../../../src/kit/command-line.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import { bullets, escaped, fenced, markdownTable } from '../../layout/markdown-parts.ts'
import {
  choiceAnswer,
  choiceMark,
  choiceTable,
  choiceTrust,
  logLines,
} from '../../sections/choice/choice-words.ts'

/** A choice for a pull request or a page. */
export function choiceMarkdown(document: ChoiceDocument): string {
  const { title, head, rows, notes } = choiceTable(document)
  const backends = `Backends of scenario ${document.scenario}`
  return `${[
    `## ${escaped(title)}`,
    `⚠️ **${escaped(choiceMark)}**`,
    escaped(choiceAnswer(document).join(' ')),
    markdownTable(
      head,
      rows.map((row) => row.map(escaped)),
    ),
    bullets([
      ...[...notes, ...logLines(document), backends],
      ...[...document.world, ...choiceTrust(document)],
    ]),
    fenced('sh', shellLine(['npx', 'lb', ...document.command])),
  ].join('\n\n')}\n`
}
