import { cells, paragraph, table } from '../layout/html-parts.ts'
import { xml } from '../layout/xml.ts'
import type { Drawing } from './draw.ts'

/** A chart as an HTML figure: its heading, its caption, and a table of its figures. */
export function figure({ chart, svg }: Drawing): string {
  const { name, title, caption, figures } = chart
  const rows = figures.rows.map((row) => ({ cells: cells(row) }))
  return [
    `<figure id="${xml(name)}">`,
    `<figcaption><h3>${xml(title)}</h3>${paragraph(caption)}</figcaption>`,
    svg,
    `<details><summary>Figures</summary>${table(`Figures: ${title}`, cells(figures.head), rows)}</details>`,
    '</figure>',
  ].join('\n')
}
