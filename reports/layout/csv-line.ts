/**
 * A line of CSV (RFC 4180, section 2): a cell is quoted where it holds a comma, a quote or a line break. A text that a
 * spreadsheet would run as a formula gets an apostrophe before it, which spreadsheets read as "this is text" (CWE-1236):
 * the signs of full width count, too.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: string): string {
  const formula = /^\s*[-=+@＝＋－＠]/.test(value) && Number.isNaN(Number(value))
  const text = formula ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
