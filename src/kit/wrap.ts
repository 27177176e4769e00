/**
 * Breaks `text` at spaces, but not before a percent sign, so that no line is longer than `width`; later
 * lines are indented by `hang`.
 */
export function wrap(text: string, width: number | undefined, hang = 0): string {
  if (width === undefined) return text
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ (?!%)/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ' '.repeat(hang) + word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join('\n')
}

/** Breaks a name after a hyphen or at a space, since names are not longer than a column by much. */
export function wrapName(name: string, width: number): string {
  if (name.length <= width) return name
  const cut = Math.max(name.lastIndexOf('-', width - 1) + 1, name.lastIndexOf(' ', width))
  if (cut <= 0) return `${name.slice(0, width)}\n${wrapName(name.slice(width), width)}`
  return `${name.slice(0, cut).trimEnd()}\n${wrapName(name.slice(cut).trimStart(), width)}`
}
