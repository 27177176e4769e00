/**
 * Breaks `text` at spaces, except before a percent sign, so that no line is longer than `width`. Lines after the
 * first are indented by `hang`.
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

/** Breaks a name after a hyphen or at a space. */
export function wrapName(name: string, width: number): string {
  if (name.length <= width) return name
  const cut = Math.max(name.lastIndexOf('-', width - 1) + 1, name.lastIndexOf(' ', width))
  if (cut <= 0) return `${name.slice(0, width)}\n${wrapName(name.slice(width), width)}`
  return `${name.slice(0, cut).trimEnd()}\n${wrapName(name.slice(cut).trimStart(), width)}`
}
