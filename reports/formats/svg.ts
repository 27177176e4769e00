import { wrap } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { chartWidth } from '../charts/chart.ts'
import type { Drawing } from '../charts/draw.ts'
import { font } from '../charts/theme.ts'
import { darkRules, ink } from '../layout/palette.ts'
import { xml } from '../layout/xml.ts'
import { load, machine, title } from '../sections/run-lines.ts'
import { summaryOf } from '../sections/summary.ts'
import { type Report, readable } from './report.ts'

/** Pixels between the charts, and around them. */
const gap = 28

/** All charts on one sheet, in two columns, under the summary. */
export const svg: Report = {
  format: 'svg',
  summary: 'all charts on one sheet, for slides and pages',
  extension: '.svg',
  async render(result) {
    const document = readable(result)
    const [{ chartsOf }, { draw }] = await Promise.all([
      import('../charts/index.ts'),
      import('../charts/draw.ts'),
    ])
    return sheet(document, await draw(chartsOf(document), 'file'))
  },
}

/** A picture as a file of its own: with paper behind it, and dark where the reader's screen is. */
export function standalone(picture: string): string {
  return `${picture.replace(/<svg [^>]*>/, (start) => `${start}<style>${dark}</style>`)}\n`
}

const dark = `@media screen and (prefers-color-scheme:dark){${darkRules}}`

function sheet(document: ResultDocument, drawings: readonly Drawing[]): string {
  const columns = drawings.length > 1 ? 2 : 1
  const wide = Math.max(chartWidth, ...drawings.map(({ width }) => width))
  const width = columns * wide + (columns + 1) * gap
  const head = heading(document, width - 2 * gap)
  const bottoms = Array.from({ length: columns }, () => head.height)
  const placed = drawings.map(({ svg: picture, height }) => {
    const column = bottoms.indexOf(Math.min(...bottoms))
    const top = bottoms[column] ?? 0
    bottoms[column] = top + height + gap
    return picture.replace('<svg ', `<svg x="${gap + column * (wide + gap)}" y="${top}" `)
  })
  const size = `width="${width}" height="${Math.max(...bottoms)}"`
  return standalone(
    [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${Math.max(...bottoms)}">`,
      `<title>${xml(title(document))}</title>`,
      `<rect ${size} fill="${ink.paper.light}"/>`,
      ...head.lines,
      ...placed,
      '</svg>',
    ].join('\n'),
  )
}

function heading(document: ResultDocument, width: number) {
  const letters = Math.floor(width / 7.8)
  const lines = [
    { text: `Load balancers: ${title(document)}`, size: 22, weight: 600, fill: ink.text.light },
    { text: '', size: 14, weight: 400, fill: ink.text.light },
    ...paragraph(summaryOf(document), letters, ink.text.light),
    ...paragraph(
      `Measured with ${load(document)}. ${machine(document)}.`,
      letters,
      ink.faint.light,
    ),
  ]
  const texts = lines.map(
    ({ text, size, weight, fill }, i) =>
      `<text x="${gap}" y="${gap + 16 + i * 22}" font-family="${xml(font)}" font-size="${size}" font-weight="${weight}" fill="${fill}">${xml(text)}</text>`,
  )
  return { lines: texts, height: gap + lines.length * 22 + gap }
}

function paragraph(text: string, letters: number, fill: string) {
  return wrap(text, letters)
    .split('\n')
    .map((line) => ({ text: line, size: 14, weight: 400, fill }))
}
