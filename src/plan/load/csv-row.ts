/**
 * The row of CSV text that begins at `from` (RFC 4180), and where the next one begins. A row that the text ends within is
 * taken as complete; undefined at the end of the text.
 */
export function csvRow(
  text: string,
  from: number,
): { readonly cells: string[]; readonly next: number } | undefined {
  if (from >= text.length) return undefined
  const cells: string[] = []
  let at = from
  for (;;) {
    const quoted = text[at] === '"' ? quotedPart(text, at + 1) : { value: '', next: at }
    const end = endOfCell(text, quoted.next)
    const isLast = text[end] !== ','
    const hasReturn = isLast && end > quoted.next && text[end - 1] === '\r'
    cells.push(quoted.value + text.slice(quoted.next, hasReturn ? end - 1 : end))
    if (isLast) return { cells, next: end + 1 }
    at = end + 1
  }
}

/** The part of a cell in quotes that begins at `from`, and where it ends. A quote in it is written twice. */
function quotedPart(text: string, from: number): { value: string; next: number } {
  let value = ''
  let at = from
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return { value: value + text.slice(at), next: text.length }
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, next: quote + 1 }
    value += '"'
    at = quote + 2
  }
}

function endOfCell(text: string, from: number): number {
  let end = from
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++
  return end
}
