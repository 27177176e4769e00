import type { Random } from '../../kit/random.ts'
import { type Inserted, templateParts } from '../../plan/load/template.ts'

/** The values of one visit that templates insert. */
export interface Scope {
  visitor: number
  iteration: number
  /** Captured values, by their slots. */
  readonly captured: (string | undefined)[]
  /** A cell of the row that this visit has of a data file; empty where the row has none. */
  cell(file: number, column: string): string
  random: Random
}

/** The slots and files that the names of templates stand for. */
export interface TemplateNames {
  slotOf(name: string): number
  fileOf(name: string): number
}

/** A text with the values of a visit filled in. */
export type Render = (scope: Scope) => string

/** How a value is written into its place. */
export type Escape = (value: string) => string

/** Compiles a template; the text itself where it inserts nothing. */
export function compileTemplate(
  text: string,
  names: TemplateNames,
  write: Escape,
): Render | string {
  const parts = templateParts(text).parts.map((part) =>
    typeof part === 'string' ? part : escaped(renderOf(part, names), write),
  )
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  return (scope) => {
    let filled = ''
    for (const part of parts) filled += typeof part === 'string' ? part : part(scope)
    return filled
  }
}

/** The text of a template for this visit. */
export function filledIn(template: Render | string, scope: Scope): string {
  return typeof template === 'string' ? template : template(scope)
}

function escaped(render: Render, write: Escape): Render {
  return (scope) => write(render(scope))
}

function renderOf(part: Inserted, names: TemplateNames): Render {
  switch (part.kind) {
    case 'uuid':
      return ({ random }) => uuid(random)
    case 'visitor':
      return ({ visitor }) => String(visitor)
    case 'iteration':
      return ({ iteration }) => String(iteration)
    case 'int': {
      const { from, to } = part
      return ({ random }) => String(from + Math.floor(random() * (to - from + 1)))
    }
    case 'pick': {
      const { among } = part
      return ({ random }) => among[Math.floor(random() * among.length)] as string
    }
    case 'captured': {
      const slot = names.slotOf(part.name)
      return ({ captured }) => captured[slot] ?? ''
    }
    case 'data': {
      const file = names.fileOf(part.file)
      const { column } = part
      return (scope) => scope.cell(file, column)
    }
  }
}

/** A version 4 UUID (RFC 9562, 5.4) from seeded numbers. */
function uuid(random: Random): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  const variant = '89ab'[Math.floor(random() * 4)]
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`
}

/** A value in the query of a URL, or in a form. */
export const escapeQuery: Escape = encodeURIComponent

/** A value in a path: characters that a request line cannot have are percent-encoded, slashes stay. */
export const escapePath: Escape = (value) =>
  /^[!$-;=?-~]*$/.test(value) ? value : encodeURI(value).replaceAll('#', '%23')

/** A value in a string of JSON text. */
export const escapeJson: Escape = (value) =>
  /["\\\p{Cc}]/u.test(value) ? JSON.stringify(value).slice(1, -1) : value

/** A value in a header field: it cannot end the line. */
export const escapeField: Escape = (value) =>
  /[\r\n\0]/.test(value) ? value.replaceAll(/[\r\n\0]/g, ' ') : value

/** A value as it is. */
export const escapeNothing: Escape = (value) => value
