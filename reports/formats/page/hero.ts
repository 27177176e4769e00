import type { ResultDocument } from '../../../src/result/document.ts'
import { chip, paragraph } from '../../layout/html-parts.ts'
import { xml } from '../../layout/xml.ts'
import { changeTitle } from '../../sections/change-title.ts'
import { baseName } from '../../sections/comparisons.ts'
import { load, machine, title } from '../../sections/run-lines.ts'
import { summarySentences } from '../../sections/summary.ts'
import { noteLines } from '../../sections/warnings.ts'
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

/** Arms without a valid trial, struck out, with the reason. */
function unusable(document: ResultDocument): string {
  const invalid = document.findings.filter(({ validity }) => validity === 'invalid')
  const items = invalid.map((finding) => {
    const phase = document.plan.phases.length > 1 ? `, ${finding.phase} phase` : ''
    const reason = noteLines(document, finding).join('; ')
    return `<li><s>${xml(finding.arm)}</s>${xml(phase)} ${chip('not usable')} <span class="faint">${xml(reason)}</span></li>`
  })
  return items.length === 0 ? '' : `<ul class="unusable">\n${items.join('\n')}\n</ul>`
}
