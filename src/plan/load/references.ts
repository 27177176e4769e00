import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../kit/errors.ts'
import { textOf } from '../text-of.ts'
import { loadThreshold } from '../thresholds/load-threshold.ts'
import { columnsOf } from './data-files.ts'
import { loadField } from './stages.ts'
import { builtIns, type Inserted, templateParts } from './template.ts'

/** A name in a file that refers to nothing, and what to write in its place. */
interface WrongReference {
  readonly path: readonly (string | number)[]
  readonly remedy: string
}

type Path = WrongReference['path']

/** The columns of each data file; undefined where they are unknown, since the file cannot be read. */
type Columns = ReadonlyMap<string, readonly string[] | undefined>

/**
 * The templates of a file's journeys that use values that are not there: a capture that no earlier step makes, a data file
 * or a column that does not exist, a word that is no value; and files that cannot be read. It reads the file as parsed from
 * YAML, whatever other mistakes it has, so that all of them are reported at once.
 */
export function wrongReferences(file: unknown, folder: string): WrongReference[] {
  const { journeys, data, thresholds } = mapOf(file)
  const { columns, wrong } = readColumns(mapOf(data), folder)
  return [
    ...wrong,
    ...wrongThresholds(listOf(thresholds), mapOf(file)),
    ...listOf(journeys).flatMap((journey, i) => [
      ...wrongModule(mapOf(journey), ['journeys', i], folder),
      ...wrongSteps(listOf(mapOf(journey).steps), ['journeys', i, 'steps'], columns),
    ]),
  ]
}

function readColumns(
  data: Readonly<Record<string, unknown>>,
  folder: string,
): { columns: Columns; wrong: WrongReference[] } {
  const columns = new Map<string, readonly string[] | undefined>()
  const wrong = Object.entries(data).flatMap(([name, one]): WrongReference[] => {
    const { file } = mapOf(one)
    columns.set(name, undefined)
    const taken = isTaken(name, ['data', name])
    if (typeof file !== 'string' || !/\.(?:csv|jsonl|ndjson)$/.test(file)) return taken
    try {
      columns.set(name, columnsOf(resolve(folder, file)))
      return taken
    } catch (error) {
      return [...taken, { path: ['data', name, 'file'], remedy: unreadable(error as Error) }]
    }
  })
  return { columns, wrong }
}

function isTaken(name: string, path: Path): WrongReference[] {
  return builtIns.includes(name)
    ? [{ path, remedy: `"${name}" is a built-in value: take another name` }]
    : []
}

function unreadable({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined
    ? `it cannot be used: ${message}`
    : `it cannot be read (${code}): give a file, from the folder of the scenario`
}

function wrongModule(
  { run }: Readonly<Record<string, unknown>>,
  path: Path,
  folder: string,
): WrongReference[] {
  if (typeof run !== 'string' || existsSync(resolve(folder, run))) return []
  return [{ path: [...path, 'run'], remedy: 'there is no such file: give a module of yours' }]
}

function wrongSteps(steps: readonly unknown[], path: Path, columns: Columns): WrongReference[] {
  const captured = new Set<string>()
  return steps.flatMap((step, i) => {
    const own = [...path, i]
    const templates = templatesIn(step, own).flatMap(({ path: at, text }) => {
      const remedies = wrongIn(text, columns, captured)
      return remedies.length === 0 ? [] : [{ path: at, remedy: remedies.join('; ') }]
    })
    const names = Object.keys(mapOf(mapOf(step).capture))
    for (const name of names) captured.add(name)
    return [...templates, ...names.flatMap((name) => isTaken(name, [...own, 'capture', name]))]
  })
}

/** Thresholds that are none, or that name a stage or a step that is not there; not before the stages are right. */
function wrongThresholds(
  thresholds: readonly unknown[],
  { load, journeys, request }: Readonly<Record<string, unknown>>,
): WrongReference[] {
  const stages = load === undefined ? { data: { stages: [] } } : loadField.safeParse(load)
  if (stages.data === undefined) return []
  const steps = listOf(journeys).flatMap((journey) => listOf(mapOf(journey).steps).map(nameOfStep))
  const { method = 'GET', path = '/' } = mapOf(request)
  const names = {
    stages: stages.data.stages,
    steps: journeys === undefined ? [`${textOf(method)} ${textOf(path)}`] : steps,
  }
  return thresholds.flatMap((text, i) => {
    if (typeof text !== 'string') return []
    try {
      loadThreshold({ text, source: '' }, names)
      return []
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      const message = error.message.replace(/^.*", (column \d+)/s, '$1')
      return [{ path: ['thresholds', i], remedy: `${message}: ${error.hint}` }]
    }
  })
}

function nameOfStep(step: unknown): string {
  const written = mapOf(step)
  const method = methodNames.find((name) => written[name] !== undefined)
  return typeof written.name === 'string'
    ? written.name
    : `${method?.toUpperCase()} ${textOf(written[method ?? ''])}`
}

const methodNames = ['get', 'post', 'put', 'patch', 'delete', 'head']

/** The texts of a step that may hold templates, each with its path. */
function templatesIn(step: unknown, path: Path): { path: Path; text: string }[] {
  const names = [...methodNames, 'headers', 'body', 'json', 'form']
  return names.flatMap((name) => textsIn(mapOf(step)[name], [...path, name]))
}

function textsIn(value: unknown, path: Path): { path: Path; text: string }[] {
  if (typeof value === 'string') return value.includes('{{') ? [{ path, text: value }] : []
  if (Array.isArray(value)) return value.flatMap((one, i) => textsIn(one, [...path, i]))
  return Object.entries(mapOf(value)).flatMap(([name, one]) => textsIn(one, [...path, name]))
}

const builtInText =
  '{{uuid}}, {{int 1 100}}, {{pick a b c}}, {{visitor}}, {{iteration}}, {{FILE.COLUMN}} or a captured value'

function wrongIn(text: string, columns: Columns, captured: ReadonlySet<string>): string[] {
  const { parts, wrong } = templateParts(text)
  return [
    ...wrong.map((one) => `{{${one}}} is no value: use ${builtInText}`),
    ...parts.flatMap((part) => {
      if (typeof part === 'string') return []
      if (part.kind === 'captured') return wrongName(part.name, columns, captured)
      return part.kind === 'data' ? wrongColumn(part, columns) : []
    }),
  ]
}

function wrongName(name: string, columns: Columns, captured: ReadonlySet<string>): string[] {
  if (captured.has(name)) return []
  return columns.has(name)
    ? [`{{${name}}} is a data file: name a column, {{${name}.COLUMN}}`]
    : [`no earlier step captures "${name}": use ${builtInText}`]
}

function wrongColumn(
  { file, column }: Extract<Inserted, { kind: 'data' }>,
  columns: Columns,
): string[] {
  if (!columns.has(file)) return [`there is no data file "${file}": add it under data`]
  const known = columns.get(file)
  return known === undefined || known.includes(column)
    ? []
    : [`the file of "${file}" has no column "${column}": it has ${known.join(', ')}`]
}

function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
