import type { Finding, ResultDocument } from '../../../src/result/document.ts'
import { chip, paragraph } from '../../layout/html-parts.ts'
import { xml } from '../../layout/xml.ts'
import { changeTitle } from '../../sections/change-title.ts'
import { baseName } from '../../sections/comparisons.ts'
import { reasonLines } from '../../sections/reasons.ts'
import { load, machine, title } from '../../sections/run-lines.ts'
import { summarySentences } from '../../sections/summary.ts'
import { type Figure, figure } from './figure.ts'
import { tiles } from './tiles.ts'

/** The answer of a result: a sentence for the title of its page, and those that follow it. */
export function answer(document: ResultDocument): { heading: string; sentences: string[] } {
  const sentences = summarySentences(document)
  if (baseName(document) !== undefined) return { heading: changeTitle(document), sentences }
  const [first = '', ...others] = sentences
  return { heading: first.replace(/\.$/, ''), sentences: others }
}

/** The first screen: the answer, three figures, one chart, and the arms that could not be used. */
export function hero(document: ResultDocument, chart: Figure | undefined): string {
  const { heading, sentences } = answer(document)
  return [
    '<header class="hero">',
    `<h1>${xml(heading)}</h1>`,
    paragraph(sentences.join(' '), 'lead'),
    tiles(document),
    ...(chart === undefined ? [] : [figure(chart)]),
    unusable(document),
    `<p class="faint">${xml(title(document))}: ${xml(load(document))}. ${xml(machine(document))}.</p></header>`,
  ]
    .filter((one) => one !== '')
    .join('\n')
}

/** Arms without a valid trial, struck out, each with its main reason; those with the same reason share a line. */
function unusable(document: ResultDocument): string {
  const invalid = document.findings.filter(({ validity }) => validity === 'invalid')
  const groups = Map.groupBy(invalid, (finding) => mainReason(document, finding))
  const items = [...groups].map(([reason, findings]) => {
    const names = findings.map(({ arm, phase }) => {
      const where = document.plan.phases.length > 1 ? ` (${phase} phase)` : ''
      return `<s>${xml(arm)}</s>${xml(where)}`
    })
    return `<li>${names.join(', ')} ${chip('not usable')} <span class="faint">${xml(reason)}</span></li>`
  })
  if (items.length === 0) return ''
  const link = '<li class="faint"><a href="#trust">All reasons</a></li>'
  return `<ul class="unusable">\n${[...items, link].join('\n')}\n</ul>`
}

/** How many trials were discarded, and the most frequent kind of reason for it. */
function mainReason({ trials }: ResultDocument, { arm, phase, notes }: Finding): string {
  const reasons = trials
    .filter(({ trial, verdict }) => trial.arm === arm && trial.phase === phase && !verdict.valid)
    .flatMap(({ verdict }) => verdict.reasons)
  const kinds = [...Map.groupBy(reasons, ({ code }) => code).values()]
  const [main = []] = kinds.toSorted((a, b) => b.length - a.length)
  const discarded = notes.filter(({ code }) => code === 'trials-discarded')
  return [...reasonLines(discarded), ...reasonLines(main).slice(0, 1)].join(': ')
}
