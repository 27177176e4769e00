import { shellLine } from '../../../src/kit/command-line.ts'
import type { SimulationDocument } from '../../../src/result/simulation.ts'
import { simulationCharts } from '../../charts/simulation.ts'
import { type Part, page } from '../../layout/html-page.ts'
import { cells, list, notes, paragraph, table } from '../../layout/html-parts.ts'
import { xml } from '../../layout/xml.ts'
import {
  mapTable,
  simulatedMark,
  simulationAnswer,
  simulationTable,
  simulationTrust,
} from '../../sections/simulation/simulation-words.ts'
import { drawnCharts } from '../page/drawn-charts.ts'
import { figures } from '../page/figure.ts'

/** A page: the answer, the chart, the table, the world and how far to trust it. Works offline. */
export async function simulationHtml(document: SimulationDocument): Promise<string> {
  const map = mapTable(document)
  const shown = map ?? simulationTable(document)
  const drawn = await drawnCharts(simulationCharts(document))
  const parts: Part[] = [
    {
      id: 'result',
      name: 'Result',
      markup: [
        `<h1>${xml(`Simulation: ${document.scenario}`)}</h1>`,
        paragraph(simulatedMark),
        map === undefined ? paragraph(simulationAnswer(document).join(' ')) : '',
        table(
          shown.title,
          cells(shown.head),
          shown.rows.map((row) => ({ cells: cells(row) })),
        ),
        notes(shown.notes),
        figures(drawn, 'across'),
      ].join('\n'),
    },
    {
      id: 'world',
      name: 'What was simulated',
      markup: [
        '<h2>What was simulated</h2>',
        list(document.world),
        list(simulationTrust(document)),
        `<pre><code>${xml(shellLine(['npx', 'lb', ...document.command]))}</code></pre>`,
      ].join('\n'),
    },
  ]
  return page('lb simulate', `Simulation · ${document.scenario}`, parts)
}
