import { xml } from './xml.ts'

/** A cell: its text, small text below it, and a word that judges it. */
export interface Cell {
  readonly text: string
  readonly below?: string
  readonly chip?: string
  /** Struck out: not usable. */
  readonly isStruck?: boolean
}

/** A row; `apart` marks one that is not comparable with the others. */
interface TableRow {
  readonly cells: readonly Cell[]
  readonly apart?: boolean
}

/** A table that scrolls where the screen is too narrow, its first column in place; `name` is its label for screen readers. */
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

function content({ text, below, chip: word, isStruck }: Cell, small: string): string {
  return [
    isStruck ? `<s>${xml(text)}</s>` : xml(text),
    ...(word ? [chip(word)] : []),
    ...(below ? [`<span class="${small}">${xml(below)}</span>`] : []),
  ].join(' ')
}

/** A word in a frame, which judges what stands before it. */
export function chip(text: string): string {
  return `<span class="chip">${xml(text)}</span>`
}

/** Text cells. */
export function cells(texts: readonly string[]): Cell[] {
  return texts.map((text) => ({ text }))
}

/** A heading with its contents; empty where there are none. */
export function section(name: string, ...markup: readonly string[]): string {
  const inside = markup.filter((one) => one !== '')
  return inside.length === 0
    ? ''
    : `<section>\n<h3>${xml(name)}</h3>\n${inside.join('\n')}\n</section>`
}

/** Contents behind a line that opens them; empty where there are none. */
export function folded(summary: string, ...markup: readonly string[]): string {
  const inside = markup.filter((one) => one !== '')
  return inside.length === 0
    ? ''
    : `<details><summary>${xml(summary)}</summary>\n${inside.join('\n')}\n</details>`
}

/** A paragraph, with a class. */
export function paragraph(text: string, kind?: string): string {
  return text === '' ? '' : `<p${kind ? ` class="${kind}"` : ''}>${xml(text)}</p>`
}

/** Small lines under a table or chart; empty where there are none. */
export function notes(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<div class="notes">${lines.map(xml).join('<br>')}</div>`
}

/** An unordered list, with a class; empty where there are no items. */
export function list(items: readonly string[], kind?: string): string {
  if (items.length === 0) return ''
  return `<ul${kind ? ` class="${kind}"` : ''}>\n${items.map((item) => `<li>${xml(item)}</li>`).join('\n')}\n</ul>`
}
