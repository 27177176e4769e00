import type { Turn } from '../plan/turn.ts'
import type { Setting } from './knob.ts'

type Edit = NonNullable<Turn['edits']>[number]

/** What a value changes in the configuration that lb writes for a program. */
interface LineChange {
  /** Texts of the template and their replacements. */
  readonly edits: readonly Edit[]
  /** Lines of the running configuration, each `present` or `absent`. */
  readonly shows: Readonly<Record<string, 'present' | 'absent'>>
  /** The lines to paste. */
  readonly paste: string
}

/** How a program with a configuration file is set: by texts of its template. It is read back from the file that it runs with. */
export function editedLines({
  of,
  ...rest
}: Pick<Setting, 'default' | 'alternatives' | 'accepts'> & {
  of(text: string): LineChange
}): Setting {
  return {
    ...rest,
    turn(text) {
      const { edits, shows } = of(text)
      return {
        edits: [...edits],
        readBack: Object.entries(shows).map(([what, is]) => ({ from: 'configuration', what, is })),
      }
    },
    paste: (text) => of(text).paste,
  }
}

/** One line in place of another: `find` is a text of the template, `line` its replacement. */
export function oneLine(find: string, line: string): LineChange {
  return { edits: [{ find, put: line }], shows: { [line]: 'present' }, paste: line.trim() }
}
