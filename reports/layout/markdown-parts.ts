/**
 * Text inside a paragraph or a cell: characters that Markdown or HTML would take for markup are escaped, and so are
 * mentions, references and addresses, which code hosts turn into notifications and links.
 */
export function escaped(text: string): string {
  return text
    .replace(/[&<>\\`*_[\]|~$]/g, (character) => entities[character] ?? `\\${character}`)
    .replace(/^(\s*)([-+#=])(?=[-+#=]*(\s|$))/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/@(?=\w)|#(?=\d)|:(?=\/\/)|\bwww(?=\.)/gi, '$&<!-- -->')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** A table whose columns line up in the raw text too; the first column to the left, the others to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((_, i) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[i] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${escaped(item)}`).join('\n')
}

/** A code block; its fence is longer than every row of backticks in the text. */
export function fenced(language: string, text: string): string {
  const rows = (text.match(/`+/g) ?? []).map(({ length }) => length + 1)
  const fence = '`'.repeat(Math.max(3, ...rows))
  return `${fence}${language}\n${text}\n${fence}`
}

/** Folded by default; the empty lines make code hosts render markdown inside. */
export function folded(title: string, text: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${text}\n\n</details>`
}
