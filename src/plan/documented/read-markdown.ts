import { basename, extname } from 'node:path'
import { lexer, type Token, type Tokens } from 'marked'
import { z } from 'zod'
import { UsageError } from '../../kit/errors.ts'
import { content } from '../../kit/yaml-source.ts'
import { fields } from '../fields.ts'
import { parseYaml } from '../read-yaml.ts'
import type { Registry } from '../scenario.ts'
import { type DocumentedMetric, figure, unitsOf } from './figure.ts'
import {
  commonFields,
  type Documented,
  type DocumentedTable,
  measureOf,
  metricName,
} from './read-documented.ts'

/** `Throughput: throughput`, or with the unit of cells without one. */
const column = z.union(
  [
    metricName.transform((metric) => ({ metric, unit: '' })),
    fields({ metric: metricName, unit: z.string('give a unit such as ms').default('') }),
  ],
  'give a metric such as throughput, or { metric: latencyMean, unit: ms }',
)
type Column = z.output<typeof column>

function frontMatter(registry: Registry) {
  const columns = z.record(
    z.string(),
    column,
    'name the columns: { Throughput: throughput, Latency: latencyMean }',
  )
  return z.looseObject(
    { lb: fields({ ...commonFields(registry), columns }) },
    'give the front matter a field lb',
  )
}

/**
 * Reads the tables of a markdown file whose front matter names, under `lb`, its arms and columns: see
 * docs/guide/reproduce.md. Other tables, rows and columns are ignored.
 *
 * @throws {UsageError} the file is invalid; with the file, line and field of the first error
 */
export async function readMarkdown(registry: Registry, file: string): Promise<Documented> {
  const text = (await content(file)).replaceAll('\r\n', '\n')
  const { head, body } = divided(file, text)
  const { lb } = parseYaml({ file, text: head }, frontMatter(registry))
  const tables = tablesOf(body, { file, arms: Object.keys(lb.arms), columns: lb.columns })
  if (tables.length === 0) {
    throw new UsageError(
      `${file} has no table with a row among ${Object.keys(lb.arms).join(', ')} and a column among ${Object.keys(lb.columns).join(', ')}`,
      'use the text of the first cell of a row as the name of its arm, and the head of a column as its name',
    )
  }
  const name = basename(file, extname(file))
  const { host, loads, arms } = lb
  return { name, title: titleOf(body) ?? name, host, loads, arms, tables, measure: measureOf(lb) }
}

/** Front matter and body, each with empty lines in place of the other, so that line numbers are kept. */
function divided(file: string, text: string): { head: string; body: string } {
  const found = /^---[ \t]*\n([\s\S]*?\n)---[ \t]*(?:\n|$)/.exec(text)
  if (!found) {
    throw new UsageError(
      `${file}, line 1: the front matter with the arms of the tables is missing`,
      'start the file with a line "---", a field lb: { arms: …, columns: … } and a line "---" (see docs/guide/reproduce.md)',
    )
  }
  const [all, inner = ''] = found
  return { head: `\n${inner}`, body: all.replace(/[^\n]/g, '') + text.slice(all.length) }
}

interface Naming {
  readonly file: string
  readonly arms: readonly string[]
  readonly columns: Readonly<Record<string, Column>>
}

function tablesOf(body: string, naming: Naming): DocumentedTable[] {
  let line = 1
  let heading = ''
  return lexer(body).flatMap((token) => {
    const at = line
    line += token.raw.split('\n').length - 1
    if (token.type === 'heading') heading = plain(token.tokens)
    return token.type === 'table'
      ? columnsOf(token as Tokens.Table, { ...naming, heading, at })
      : []
  })
}

interface Place extends Naming {
  readonly heading: string
  /** Line of the table's head. */
  readonly at: number
}

function columnsOf(table: Tokens.Table, place: Place): DocumentedTable[] {
  return table.header.flatMap(({ tokens }, i) => {
    const name = plain(tokens)
    const { metric, unit } = columnNamed(name, place.columns) ?? {}
    if (i === 0 || metric === undefined) return []
    const inHead = /\(([^)]+)\)\s*$/.exec(name)?.[1]
    const figures = table.rows.flatMap((row, r) =>
      cellOf(row, i, { ...place, metric, unit: unit || inHead || '', line: place.at + 2 + r }),
    )
    const title = place.heading === '' ? name : `${place.heading}: ${name}`
    return figures.length === 0 ? [] : [{ title, metric, figures }]
  })
}

function columnNamed(name: string, columns: Naming['columns']): Column | undefined {
  return Object.hasOwn(columns, name) ? columns[name] : undefined
}

interface Cell extends Place {
  readonly metric: DocumentedMetric
  readonly unit: string
  readonly line: number
}

/** The value of a cell in a named row; an empty cell and a dash have none. */
function cellOf(row: readonly Tokens.TableCell[], column: number, cell: Cell) {
  const arm = plain(row[0]?.tokens)
  const text = plain(row[column]?.tokens)
  if (!cell.arms.includes(arm) || /^([-–—]|n\/a)?$/i.test(text)) return []
  const found = figure(text, cell.metric, cell.unit)
  if (found !== undefined) return [{ ...found, arm }]
  throw new UsageError(
    `${cell.file}, line ${cell.line}: "${text}" of ${arm} is not a value of ${cell.metric}`,
    `give a number in ${unitsOf(cell.metric)}, or set the unit of the column`,
  )
}

function titleOf(body: string): string | undefined {
  const first = lexer(body).find(({ type }) => type === 'heading') as Tokens.Heading | undefined
  return first && plain(first.tokens)
}

/** The visible text of inline markdown. */
function plain(tokens: readonly Token[] = []): string {
  return tokens
    .map((token) => {
      if ('tokens' in token && token.tokens) return plain(token.tokens)
      return 'text' in token && token.type !== 'html' ? String(token.text) : ''
    })
    .join('')
    .trim()
}
