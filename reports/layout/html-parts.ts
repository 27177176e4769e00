import type { Drawing } from '../charts/draw.ts'
import { xml } from './xml.ts'

/** A cell: its text, and what stands small below it. */
export interface Cell {
  readonly text: string
  readonly below?: string
}

/** A row; one that is set apart must not be read like the others. */
interface TableRow {
  readonly cells: readonly Cell[]
  readonly apart?: boolean
}

/** A table that scrolls by itself where the screen is too narrow. `name` says what is in it. */
export function table(name: string, head: readonly Cell[], rows: readonly TableRow[]): string {
  const line = ({ cells, apart }: TableRow) =>
    `<tr${apart ? ' class="apart"' : ''}>${cells
      .map((cell, i) =>
        i === 0
          ? `<th scope="row">${content(cell, 'spread')}</th>`
          : `<td>${content(cell, 'spread')}</td>`,
      )
      .join('')}</tr>`
  return [
    `<div class="scroll" role="region" aria-label="${xml(name)}" tabindex="0"><table>`,
    `<thead><tr>${head.map((cell) => `<th scope="col">${content(cell, 'unit')}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.map(line).join('\n')}</tbody></table></div>`,
  ].join('\n')
}

function content({ text, below }: Cell, small: string): string {
  return `${xml(text)}${below ? ` <span class="${small}">${xml(below)}</span>` : ''}`
}

/** Text cells. */
export function cells(texts: readonly string[]): Cell[] {
  return texts.map((text) => ({ text }))
}

/** A heading and what belongs to it; nothing where there is nothing. */
export function section(name: string, ...markup: readonly string[]): string {
  const inside = markup.filter((one) => one !== '')
  return inside.length === 0
    ? ''
    : `<section>\n<h2>${xml(name)}</h2>\n${inside.join('\n')}\n</section>`
}

export function paragraph(text: string, kind?: string): string {
  return text === '' ? '' : `<p${kind ? ` class="${kind}"` : ''}>${xml(text)}</p>`
}

export function list(items: readonly string[], kind?: string): string {
  if (items.length === 0) return ''
  return `<ul${kind ? ` class="${kind}"` : ''}>\n${items.map((item) => `<li>${xml(item)}</li>`).join('\n')}\n</ul>`
}

/** A chart with its heading, how to read it, and its figures behind it. */
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
