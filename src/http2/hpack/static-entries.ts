import { noteOfField } from './entry-note.ts'
import { staticCount, staticFields } from './static-table.ts'

/** The entries of the static table as bytes; the slot of an entry is its index − 1. */
export const staticEntries = entriesOf()

function entriesOf() {
  const bytes = Buffer.from(staticFields.flat().join(''), 'latin1')
  const start = new Int32Array(staticCount)
  const valueStart = new Int32Array(staticCount)
  const end = new Int32Array(staticCount)
  const note = new Uint8Array(staticCount)
  let at = 0
  staticFields.forEach(([name, value], slot) => {
    const entry = {
      bytes,
      start: at,
      valueStart: at + name.length,
      end: at + name.length + value.length,
    }
    start[slot] = entry.start
    valueStart[slot] = entry.valueStart
    end[slot] = entry.end
    note[slot] = noteOfField(entry)
    at = entry.end
  })
  return { bytes, start, valueStart, end, note }
}
