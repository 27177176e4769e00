import type { ResultDocument } from '../../../src/result/document.ts'
import { fact, factNameWidth } from '../../layout/fact.ts'
import type { Terminal } from '../../layout/terminal.ts'
import { nextStep } from '../next-step.ts'
import { detailsWords, pageCommand, storedOf } from '../shown-again.ts'
import { trustOf } from '../trust.ts'
import { atMost, mostWarnings } from './limits.ts'

/** The last lines of every screen of a run: how far it can be trusted, what to do next, where everything is, and its files. */
export function closing(document: ResultDocument, on: Terminal): string[] {
  const stored = storedOf(on.options)
  const { command, purpose } = nextStep(document, stored)
  const isPage = command === pageCommand(stored)
  const details = detailsWords(stored, { withPage: !isPage })
  return [
    ...trust(document, on),
    ...(details.startsWith(command) ? [] : fact('Next', nextLines(command, purpose, on), on)),
    ...fact('Details', [details], on),
    ...fact('Saved', stored.files.length === 0 ? [] : [stored.files.join(', ')], on),
  ]
}

function trust(document: ResultDocument, on: Terminal): string[] {
  const { word, reasons } = trustOf(document)
  const { good, careful, bad } = on.paint
  const shade = { HIGH: good, MEDIUM: careful, LOW: bad }[word]
  return fact(
    'Trust',
    atMost(reasons, mostWarnings).map((line, i) => (i === 0 ? `${word}: ${line}` : line)),
    on,
  ).map((line, i) => (i === 0 ? line.replace(word, shade(word)) : line))
}

/** A command with its purpose as a comment, on a line of its own where one is too short. */
function nextLines(command: string, purpose: string, { options }: Terminal): string[] {
  const line = `${command}  # ${purpose}`
  return line.length <= (options.width ?? 80) - factNameWidth ? [line] : [command, `# ${purpose}`]
}
