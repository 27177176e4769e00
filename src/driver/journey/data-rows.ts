import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Random } from '../../kit/random.ts'
import { csvRow } from '../../plan/load/csv-row.ts'
import type { DataFile } from '../../plan/load/load-plan.ts'
import { jsonText } from './response-parts.ts'
import type { DriverPlace } from './visit-times.ts'

/** A row of a data file, by column. */
export type Row = Readonly<Record<string, string>>

/** The rows of a data file, which visits take. */
export interface DataRows {
  /** The next row; undefined once each was used, where the order is `once`. */
  take(): Row | undefined
  close(): void
}

/** Bytes that are read at once; a row must be shorter. */
const blockBytes = 1 << 20
/** Maximum entries of the index of random rows: every nth row where a file has more. */
const maxIndexed = 1 << 15

/**
 * Opens a data file for one driver: of `sequential` and `once`, drivers take rows in turn. Whatever its size, one block of it is in
 * memory, and for random rows an index of some of their places, which one pass over the file finds.
 *
 * @throws {Error} it cannot be read
 */
export function dataRows(
  { file, format, order }: DataFile,
  place: DriverPlace,
  random: Random,
): DataRows {
  const opened = openSync(file, 'r')
  const reader = rowReader(opened, format)
  const close = () => closeSync(opened)
  if (order === 'random') {
    const { places, every, rows } = indexOf(reader)
    return {
      take() {
        if (rows === 0) return undefined
        const row = Math.floor(random() * rows)
        reader.seek(places[Math.floor(row / every)] as number)
        for (let i = row % every; i > 0; i--) reader.next()
        return reader.next()
      },
      close,
    }
  }
  let number = 0
  const skipTo = (next: number): boolean => {
    while (number < next) {
      if (!reader.skip()) return false
      number++
    }
    return true
  }
  let wanted = place.driver
  return {
    take() {
      let row = skipTo(wanted) ? reader.next() : undefined
      if (row === undefined && order === 'sequential') {
        reader.rewind()
        // Fewer rows than drivers: each begins at the first.
        wanted = number === 0 ? wanted : wanted % Math.max(1, number)
        number = 0
        row = skipTo(wanted) ? reader.next() : undefined
      }
      number++
      wanted += place.drivers
      return row
    },
    close,
  }
}

interface RowReader {
  /** The row at this place; undefined at the end. */
  next(): Row | undefined
  /** Goes over one row; false at the end. */
  skip(): boolean
  /** To the first row, or to the row that begins at this byte. */
  rewind(): void
  seek(byte: number): void
  /** Where the next row begins, in bytes. */
  readonly at: number
}

function rowReader(opened: number, format: DataFile['format']): RowReader {
  const { size } = fstatSync(opened)
  const block = Buffer.allocUnsafeSlow(Math.min(size, blockBytes) || 1)
  let [begin, length, position] = [0, 0, 0]
  const fill = (): void => {
    begin += position
    length = readSync(opened, block, 0, block.length, begin)
    position = 0
  }
  /** Where the row at `position` ends; line breaks within quotes belong to it. */
  const endOfRow = (): number => {
    let quoted = false
    for (let i = position; i < length; i++) {
      const byte = block[i]
      if (byte === 34 && format === 'csv') quoted = !quoted
      else if (byte === 10 && !quoted) return i
    }
    return -1
  }
  /** Where the next row ends; the block is read on where it ends before. */
  const nextEnd = (): number => {
    const end = endOfRow()
    if (end >= 0 || begin + length >= size) return end < 0 ? length : end
    fill()
    const later = endOfRow()
    return later < 0 ? length : later
  }
  /** The bytes of the next row that is not empty; undefined at the end. */
  const bounds = (): readonly [from: number, to: number] | undefined => {
    for (;;) {
      const end = nextEnd()
      if (position >= length) return undefined
      const from = position
      position = Math.min(length, end + 1)
      const to = block[end - 1] === 13 && end > from ? end - 1 : end
      if (to > from) return [from, to]
    }
  }
  const text = ([from, to]: readonly [number, number]): string => block.toString('utf8', from, to)
  const seek = (byte: number): void => {
    if (byte >= begin && byte < begin + length) {
      position = byte - begin
      return
    }
    begin = byte
    position = 0
    length = 0
    fill()
  }
  const head = format === 'csv' ? bounds() : undefined
  const columns = head && (csvRow(text(head).replace(/^\uFEFF/, ''), 0)?.cells ?? [])
  const first = begin + position
  return {
    next() {
      const found = bounds()
      if (found === undefined) return undefined
      const line = text(found)
      return columns === undefined ? jsonRow(line) : csvCells(line, columns)
    },
    skip: () => bounds() !== undefined,
    rewind: () => seek(first),
    seek,
    get at() {
      return begin + position
    },
  }
}

function csvCells(line: string, columns: readonly string[]): Row {
  const cells = csvRow(line, 0)?.cells ?? []
  const row: Record<string, string> = {}
  for (const [i, column] of columns.entries()) row[column] = cells[i] ?? ''
  return row
}

function jsonRow(line: string): Row {
  try {
    return Object.fromEntries(
      Object.entries(JSON.parse(line) as object).map(([name, value]) => [name, jsonText(value)]),
    )
  } catch {
    return {}
  }
}

/** The places of every nth row, with n doubled whenever there are too many. */
function indexOf(reader: RowReader): { places: number[]; every: number; rows: number } {
  let places: number[] = []
  let every = 1
  let rows = 0
  for (;;) {
    const { at } = reader
    if (!reader.skip()) break
    if (rows % every === 0) {
      if (places.length === maxIndexed) {
        places = places.filter((_, i) => i % 2 === 0)
        every *= 2
      }
      if (rows % every === 0) places.push(at)
    }
    rows++
  }
  return { places, every, rows }
}
