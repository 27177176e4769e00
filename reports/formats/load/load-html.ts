import { shellLine } from '../../../src/kit/command-line.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { loadCharts } from '../../charts/load-course.ts'
import { type Part, page } from '../../layout/html-page.ts'
import { cells, list, paragraph, section, table } from '../../layout/html-parts.ts'
import { xml } from '../../layout/xml.ts'
import { checkFigures } from '../../sections/load/load-figures.ts'
import {
  type LoadTable,
  loadAnswer,
  loadFacts,
  loadTitle,
  share,
  stageTable,
  stepTables,
} from '../../sections/load/load-words.ts'
import { drawnCharts } from '../page/drawn-charts.ts'
import { figures } from '../page/figure.ts'

/** A page: the answer, the course of the load, its stages and steps, checks and failures. Works offline. */
export async function loadHtml(result: LoadResult): Promise<string> {
  const drawn = await drawnCharts(loadCharts(result))
  const { sentences } = loadAnswer(result)
  const parts: Part[] = [
    {
      id: 'result',
      name: 'Result',
      markup: [
        `<h1>${xml(`Load test: ${loadTitle(result)}`)}</h1>`,
        paragraph(sentences.join(' ')),
        tableOf(stageTable(result)),
      ].join('\n'),
    },
    part('course', 'Over time', figures(drawn, 'across')),
    part(
      'steps',
      'Steps',
      ...stepTables(result, true).map((one) => section(one.title, tableOf(one))),
    ),
    part('checks', 'Checks', checksTable(result)),
    part(
      'facts',
      'Failures and limits',
      ...loadFacts(result).map(({ name, lines }) => section(name, list(lines))),
      section(
        'Repeat this run',
        `<pre><code>${xml(shellLine(['npx', 'lb', ...result.command]))}</code></pre>`,
      ),
    ),
  ]
  return page(`lb load ${result.scenario}`, `Load test · ${result.scenario}`, parts)
}

function part(id: string, name: string, ...markup: readonly string[]): Part {
  const inside = markup.filter((one) => one !== '')
  return {
    ...{ id, name },
    markup: inside.length === 0 ? '' : [`<h2>${xml(name)}</h2>`, ...inside].join('\n'),
  }
}

function tableOf({ title, head, rows }: LoadTable): string {
  return table(
    title,
    cells(head),
    rows.map((row) => ({ cells: cells(row) })),
  )
}

function checksTable(result: LoadResult): string {
  const all = checkFigures(result)
  if (all.length === 0) return ''
  return table(
    'Checks',
    cells(['check', 'step', 'passed', 'failed']),
    all.map(({ step, check, passed, failed }) => ({
      cells: cells([check, step, share(passed, passed + failed), String(failed)]),
    })),
  )
}
