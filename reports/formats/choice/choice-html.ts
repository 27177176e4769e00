import { shellLine } from '../../../src/kit/command-line.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import { p99Chart } from '../../charts/simulation.ts'
import { type Part, page } from '../../layout/html-page.ts'
import { cells, list, notes, paragraph, table } from '../../layout/html-parts.ts'
import type { TextTable } from '../../layout/text-table.ts'
import { xml } from '../../layout/xml.ts'
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
import { drawnCharts } from '../page/drawn-charts.ts'
import { figures } from '../page/figure.ts'

/** A page: the answer, the table and the chart, real processes, the load and how far to trust it. Works offline. */
export async function choiceHtml(document: ChoiceDocument): Promise<string> {
  const { result, ranking, confirmation, scenario, world } = document
  const charts = p99Chart({ result, rankings: ranking === undefined ? [] : [ranking] })
  const drawn = await drawnCharts(charts)
  const parts: Part[] = [
    {
      id: 'result',
      name: 'Result',
      markup: [
        `<h1>${xml(`Choice: ${scenario}`)}</h1>`,
        paragraph(choiceMark(document)),
        paragraph(choiceAnswer(document).join(' ')),
        tableOf(choiceTable(document)),
        figures(drawn, 'across'),
      ].join('\n'),
    },
    {
      id: 'confirmation',
      name: 'Real processes',
      markup:
        confirmation === undefined
          ? ''
          : [
              '<h2>Real processes</h2>',
              tableOf(confirmationTable(confirmation)),
              list(confirmationLines(confirmation)),
            ].join('\n'),
    },
    {
      id: 'world',
      name: 'What was simulated',
      markup: [
        '<h2>What was simulated</h2>',
        list([...rateLines(document), ...logLines(document)]),
        list([`Backends of scenario ${scenario}`, ...world]),
        list(choiceTrust(document)),
        `<pre><code>${xml(shellLine(['npx', 'lb', ...document.command]))}</code></pre>`,
      ].join('\n'),
    },
  ]
  return page('lb choose', `Choice · ${scenario}`, parts)
}

function tableOf({ title, head, rows, notes: lines }: TextTable): string {
  return [
    table(
      title,
      cells(head),
      rows.map((row) => ({ cells: cells(row) })),
    ),
    notes(lines),
  ].join('\n')
}
