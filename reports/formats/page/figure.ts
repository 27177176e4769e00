import type { Chart } from '../../charts/chart.ts'
import { cells, folded, paragraph, table } from '../../layout/html-parts.ts'
import { xml } from '../../layout/xml.ts'

/** A chart with its drawings, by the width that each is for. */
export interface Figure {
  readonly chart: Chart
  readonly drawings: Readonly<Partial<Record<'narrow' | 'column' | 'page', string>>>
}

/** A chart as an HTML figure: its heading, its finding, how to read it, its drawings, and a table of its figures. */
export function figure({ chart, drawings }: Figure): string {
  const { name, title, finding, caption, figures } = chart
  const rows = figures.rows.map((row) => ({ cells: cells(row) }))
  return [
    `<figure id="${xml(name)}">`,
    `<figcaption><h3>${xml(title)}</h3>${paragraph(finding)}</figcaption>`,
    ...Object.entries(drawings).map(([width, svg]) => `<div class="${width}">${svg}</div>`),
    paragraph(caption, 'how'),
    folded('Figures', table(`Figures: ${title}`, cells(figures.head), rows)),
    '</figure>',
  ].join('\n')
}

/** Figures beside each other, or each across the page. */
export function figures(all: readonly Figure[], place: 'beside' | 'across' = 'beside'): string {
  if (all.length === 0) return ''
  return `<div class="charts${place === 'across' ? ' across' : ''}">\n${all.map(figure).join('\n')}\n</div>`
}
