import { wrap } from '../../src/kit/wrap.ts'
import type { Terminal } from './terminal.ts'

/** Columns of the name in front of a fact. */
export const factNameWidth = 12

/** Lines with a name in front of the first, wrapped below each other; none without a line. */
export function fact(
  name: string,
  lines: readonly string[],
  { options, paint }: Terminal,
): string[] {
  const room = (options.width ?? 80) - factNameWidth
  return lines
    .flatMap((line) => wrap(paint.plain(line), room, 2).split('\n'))
    .map(
      (line, i) =>
        `${i === 0 ? paint.strong(name) : ' '.repeat(name.length)}${' '.repeat(factNameWidth - name.length)}${line}`,
    )
}
