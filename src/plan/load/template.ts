/** A value that a template inserts. */
export type Inserted =
  | { readonly kind: 'uuid' | 'visitor' | 'iteration' }
  | { readonly kind: 'int'; readonly from: number; readonly to: number }
  | { readonly kind: 'pick'; readonly among: readonly string[] }
  /** A column of a data file. */
  | { readonly kind: 'data'; readonly file: string; readonly column: string }
  /** A value that an earlier step captured. */
  | { readonly kind: 'captured'; readonly name: string }

/** A template in parts: text, and values in between. */
export type TemplateParts = readonly (string | Inserted)[]

const expression = /\{\{(.*?)\}\}/gs

/** Names that a capture or a data file cannot have, since templates use them. */
export const builtIns: readonly string[] = ['uuid', 'int', 'pick', 'visitor', 'iteration']

/** The parts of a template; each expression that is none is returned in `wrong`, without its braces. */
export function templateParts(text: string): { parts: TemplateParts; wrong: string[] } {
  const parts: (string | Inserted)[] = []
  const wrong: string[] = []
  let at = 0
  for (const found of text.matchAll(expression)) {
    const [expressionText, inside = ''] = found
    if (found.index > at) parts.push(text.slice(at, found.index))
    at = found.index + expressionText.length
    const inserted = insertedOf(inside.trim())
    if (inserted === undefined) wrong.push(inside.trim())
    else parts.push(inserted)
  }
  const rest = text.slice(at)
  if (rest.includes('{{')) wrong.push(rest.slice(rest.indexOf('{{') + 2).trim())
  if (rest !== '') parts.push(rest)
  return { parts, wrong }
}

function insertedOf(text: string): Inserted | undefined {
  const [word = '', ...rest] = text.split(/\s+/)
  switch (word) {
    case 'uuid':
    case 'visitor':
    case 'iteration':
      return rest.length === 0 ? { kind: word } : undefined
    case 'int':
      return intOf(rest.map(Number))
    case 'pick':
      return rest.length > 0 ? { kind: 'pick', among: rest } : undefined
    default:
      return rest.length === 0 ? namedOf(word) : undefined
  }
}

function intOf(numbers: readonly number[]): Inserted | undefined {
  const [from = Number.NaN, to = Number.NaN] = numbers
  const valid = numbers.length === 2 && numbers.every(Number.isSafeInteger) && from <= to
  return valid ? { kind: 'int', from, to } : undefined
}

function namedOf(word: string): Inserted | undefined {
  const [, file, column] = /^([\w-]+)\.(.+)$/.exec(word) ?? []
  if (file !== undefined && column !== undefined) return { kind: 'data', file, column }
  return /^[A-Za-z_][\w-]*$/.test(word) ? { kind: 'captured', name: word } : undefined
}
