import { shellLine } from '../../../src/kit/command-line.ts'
import type { SimulationDocument } from '../../../src/result/simulation.ts'
import { bullets, escaped, fenced, markdownTable } from '../../layout/markdown-parts.ts'
import {
  mapTable,
  simulatedMark,
  simulationAnswer,
  simulationTable,
  simulationTrust,
} from '../../sections/simulation/simulation-words.ts'

/** A simulation for a pull request or a page. */
export function simulationMarkdown(document: SimulationDocument): string {
  const map = mapTable(document)
  const { title, head, rows, notes } = map ?? simulationTable(document)
  const answer = map === undefined ? [simulationAnswer(document).join(' ')] : []
  return `${[
    `## ${escaped(title)}`,
    `⚠️ **${escaped(simulatedMark)}**`,
    ...answer.map(escaped),
    markdownTable(
      head,
      rows.map((row) => row.map(escaped)),
    ),
    bullets([...notes, ...document.world, ...simulationTrust(document)]),
    fenced('sh', shellLine(['npx', 'lb', ...document.command])),
  ].join('\n\n')}\n`
}
