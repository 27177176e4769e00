import type { RenderOptions } from '../../../src/kit/render-options.ts'
import { wrap } from '../../../src/kit/wrap.ts'
import type { SimulationDocument } from '../../../src/result/simulation.ts'
import { terminal } from '../../layout/terminal.ts'
import { terminalTable } from '../../layout/terminal-table.ts'
import {
  mapTable,
  simulatedMark,
  simulationAnswer,
  simulationTable,
  simulationTrust,
} from '../../sections/simulation/simulation-words.ts'

/** A simulation for a terminal: the answer, the table or the map, the world, and how far to trust it. */
export function simulationScreen(document: SimulationDocument, options: RenderOptions): string {
  const screen = terminal(options)
  const { plain, strong, faint, careful } = screen.paint
  const words = (text: string) => wrap(plain(text), options.width, 2)
  const map = mapTable(document)
  const table = map ?? simulationTable(document)
  const lines = [
    careful(words(simulatedMark)),
    ...(map === undefined ? [strong(words(simulationAnswer(document).join(' ')))] : []),
    '',
    terminalTable(table, screen),
    '',
    ...document.world.map(words),
    ...simulationTrust(document).map((text) => faint(words(text))),
  ]
  return `${lines.join('\n')}\n`
}
