import { closeSync, openSync, readSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { z } from 'zod'
import { fields } from '../fields.ts'
import { csvRow } from './csv-row.ts'
import type { DataFile } from './load-plan.ts'

/** The field `data` of a scenario. */
export const dataField = z.record(
  z.string().regex(/^[A-Za-z_][\w-]*$/, 'give a name of letters, digits, - and _'),
  fields({
    file: z
      .string('give text')
      .regex(/\.(?:csv|jsonl|ndjson)$/, 'give a .csv file with a head line, or a .jsonl file')
      .describe(
        'CSV file with a head line, or file of JSON lines, from the folder of the scenario.',
      ),
    order: z
      .enum(['sequential', 'random', 'once'], 'give sequential, random or once')
      .default('sequential')
      .describe(
        'Order in which visits take rows: one after the other, again from the begin; seeded random; or each row for one visit at most.',
      ),
  }),
  'give data files by name, such as { words: { file: words.csv } }',
)

/** The data files of a scenario in this folder, as the drivers get them. */
export function dataFiles(
  written: z.output<typeof dataField>,
  folder: string,
): Record<string, DataFile> {
  return Object.fromEntries(
    Object.entries(written).map(([name, { file, order }]) => [
      name,
      { file: resolve(folder, file), format: formatOf(file), order },
    ]),
  )
}

/** The format of a data file, by its extension. */
function formatOf(file: string): DataFile['format'] {
  return extname(file) === '.csv' ? 'csv' : 'jsonl'
}

/** Bytes in which the first row of a data file ends. */
const maxFirstRow = 64 * 1024

/**
 * The columns of a data file: those of its head line, or the fields of its first row.
 *
 * @throws {Error} it cannot be read, or has none
 */
export function columnsOf(file: string): string[] {
  const first = firstBytes(file)
  if (formatOf(file) === 'csv') {
    const row = csvRow(first, 0)?.cells ?? []
    if (row.length === 0 || (row.length === 1 && row[0] === ''))
      throw new Error('it has no head line')
    return row
  }
  const [line = ''] = first.split('\n', 1)
  const value: unknown = JSON.parse(line)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('its first line is no JSON object')
  }
  return Object.keys(value)
}

function firstBytes(file: string): string {
  const opened = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(maxFirstRow)
    const length = readSync(opened, buffer, 0, maxFirstRow, 0)
    return buffer.toString('utf8', 0, length).replace(/^\uFEFF/, '')
  } finally {
    closeSync(opened)
  }
}
