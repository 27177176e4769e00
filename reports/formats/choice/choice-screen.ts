import type { RenderOptions } from '../../../src/kit/render-options.ts'
import { wrap } from '../../../src/kit/wrap.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import { terminal } from '../../layout/terminal.ts'
import { terminalTable } from '../../layout/terminal-table.ts'
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

/** A choice for a terminal: the answer, the tables, the load and the world, and how far to trust it. */
export function choiceScreen(document: ChoiceDocument, options: RenderOptions): string {
  const screen = terminal(options)
  const { plain, strong, faint, careful } = screen.paint
  const words = (text: string) => wrap(plain(text), options.width, 2)
  const { confirmation } = document
  const lines = [
    careful(words(choiceMark(document))),
    strong(words(choiceAnswer(document).join(' '))),
    '',
    terminalTable(choiceTable(document), screen),
    '',
    ...(confirmation === undefined
      ? []
      : [
          terminalTable(confirmationTable(confirmation), screen),
          '',
          ...confirmationLines(confirmation).map(words),
        ]),
    ...rateLines(document).map(words),
    ...logLines(document).map(words),
    words(`Backends of scenario ${document.scenario}:`),
    ...document.world.map(words),
    ...choiceTrust(document).map((text) => faint(words(text))),
  ]
  return `${lines.join('\n')}\n`
}
