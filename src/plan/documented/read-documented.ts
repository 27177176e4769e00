import { findPackageJSON } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { meant, type Named, nameOf } from '../../kit/named.ts'
import { field, fields, integer, seconds } from '../fields.ts'
import type { Plan } from '../plan.ts'
import { readYaml } from '../read-yaml.ts'
import { type Registry, scenarioSchema } from '../scenario.ts'
import { type DocumentedMetric, documentedMetrics, type Figure, figure, unitsOf } from './figure.ts'

/** What a row of a documented table is about. */
export interface DocumentedArm {
  readonly target: string
  readonly algorithm: string
  /** Cores that it is measured on here. */
  readonly cores: number
  /** Cores that the documented figure was measured on. */
  readonly documentedCores: number
}

/** A load that the document says its figures come from. */
export interface DocumentedLoad {
  readonly name: string
  readonly users: number
  /** Seconds that each user waits between an answer and the next request. */
  readonly pause: number
}

/** One metric of several arms, as the document has it. */
export interface DocumentedTable {
  readonly title: string
  readonly metric: DocumentedMetric
  /** Each with the name of its arm, in the order of the document. */
  readonly figures: readonly (Figure & { readonly arm: string })[]
}

/** How the figures are measured again. Times in seconds. */
export interface DocumentedMeasure
  extends Pick<Plan, 'request' | 'backends' | 'warmup' | 'duration' | 'timeout'> {
  /** Absent: as many as the figures imply. */
  readonly connections?: number | undefined
  readonly trials: number
  readonly maxTime: number
  readonly control: boolean
}

/** Tables that somebody documented, and how to make them again. */
export interface Documented {
  /** Name of the file, without its ending. */
  readonly name: string
  readonly title: string
  /** The machine that was documented, in words. */
  readonly host?: string | undefined
  readonly loads: readonly DocumentedLoad[]
  readonly arms: Readonly<Record<string, DocumentedArm>>
  readonly tables: readonly DocumentedTable[]
  readonly measure: DocumentedMeasure
}

const line = (remedy: string) =>
  field((value) => {
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && /^\S.*$/.test(text) ? text : undefined
  }, remedy)

/** The fields that tables have in common, whichever file they stand in. */
export function commonFields(registry: Registry) {
  const { request, warmup, backends, timeout, control } = scenarioSchema(registry).shape
  return {
    host: line('say in one line which machine the document is about').optional(),
    loads: z.array(load, 'list the loads, each { users: 100, pause: 1s }').default([]),
    arms: arms(registry),
    connections: integer(1).optional(),
    trials: integer(1).default(8),
    duration: seconds('above 0').default(2),
    warmup,
    maxTime: seconds('above 0').default(540),
    ...{ timeout, request, control },
    backends: backends.prefault([{ weight: 5 }, { count: 2 }]),
  }
}

/** Which metric a table or a column shows. */
export const metricName = z.enum(
  Object.keys(documentedMetrics) as [DocumentedMetric, ...DocumentedMetric[]],
  `give one of ${Object.keys(documentedMetrics).join(', ')}`,
)

const load = fields({
  name: line('give the load a name').default('the documented load'),
  users: integer(1),
  pause: seconds('from 0').default(0),
})

function arms(registry: Registry) {
  const arm = fields({
    target: oneOf(registry.targets).default('reference'),
    algorithm: oneOf(registry.algorithms),
    cores: integer(1).default(1),
    documentedCores: integer(1).optional(),
  })
    .refine(
      ({ target, algorithm }) =>
        registry.targets.find(({ name }) => name === target)?.algorithms.includes(algorithm),
      { message: 'give an algorithm that its target has', path: ['algorithm'] },
    )
    .transform(({ documentedCores, ...rest }) => ({
      ...rest,
      documentedCores: documentedCores ?? rest.cores,
    }))
  return z.record(z.string(), arm, 'name the arms: { Round robin: { algorithm: round-robin } }')
}

/** One name out of `among`, by alias too; unlike in a scenario a row is about one thing, and not `all`. */
function oneOf(among: readonly Named[]) {
  return z.unknown().transform((value, context) => {
    const found = nameOf(String(value), among)
    if (found !== undefined) return found
    context.addIssue(meant(String(value), among))
    return z.NEVER
  })
}

const table = fields({
  title: line('give the table a title'),
  metric: metricName,
  figures: z.record(z.string(), z.unknown(), 'give a figure for each arm: { NAME: 15000 req/s }'),
}).transform(({ title, metric, figures }, context): DocumentedTable => {
  const read = Object.entries(figures).flatMap(([arm, text]) => {
    const found = figure(String(text), metric)
    if (found !== undefined) return [{ ...found, arm }]
    const message = `give a figure in ${unitsOf(metric)}`
    context.addIssue({ code: 'custom', path: ['figures', arm], message, input: text })
    return []
  })
  return { title, metric, figures: read }
})

function documentedSchema(registry: Registry) {
  return fields({
    title: line('say in one line which document it is'),
    ...commonFields(registry),
    tables: z.array(table, 'list the tables').min(1, 'give at least one table'),
  }).superRefine(({ arms: named, tables }, context) => {
    for (const [i, { figures }] of tables.entries()) {
      const stranger = figures.find(({ arm }) => !Object.hasOwn(named, arm))
      if (stranger === undefined) continue
      const path = ['tables', i, 'figures', stranger.arm]
      const message = `name one of the arms: ${Object.keys(named).join(', ')}`
      context.addIssue({ code: 'custom', path, message, input: stranger.text })
    }
  })
}

/** Of a file's common fields those that say how to measure. */
export function measureOf(read: DocumentedMeasure): DocumentedMeasure {
  const { request, backends, warmup, duration, timeout } = read
  const { connections, trials, maxTime, control } = read
  return { request, backends, warmup, duration, timeout, connections, trials, maxTime, control }
}

/**
 * Reads documented tables from a YAML file of their own; without a path, those that are shipped.
 *
 * @throws UsageError naming the file, line and field of a mistake.
 */
export async function readDocumented(registry: Registry, path?: string): Promise<Documented> {
  const file = path ?? shippedFile()
  const read = await readYaml(file, documentedSchema(registry))
  const { title, host, loads, arms: named, tables } = read
  const name = basename(file, extname(file))
  return { name, title, host, loads, arms: named, tables, measure: measureOf(read) }
}

/** Stands among the scenarios, and is none: `lb reproduce` reads it, `lb bench` does not. */
function shippedFile(): string {
  const root = dirname(findPackageJSON('.', import.meta.url) as string)
  return join(root, 'scenarios', 'documented.yaml')
}
