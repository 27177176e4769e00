import { findPackageJSON } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { bounds } from '../../kit/bounds.ts'
import { meant, type Named, nameOf } from '../../kit/named.ts'
import { field, fields, integer, seconds } from '../fields.ts'
import type { Plan } from '../plan.ts'
import { readYaml } from '../read-yaml.ts'
import { type Registry, scenarioFields } from '../scenario.ts'
import { textOf } from '../text-of.ts'
import { type DocumentedMetric, documentedMetrics, type Figure, figure, unitsOf } from './figure.ts'

/** The arm that a row of a documented table shows. */
export interface DocumentedArm {
  readonly target: string
  readonly algorithm: string
  /** Cores of the measurement here. */
  readonly cores: number
  /** Cores of the documented measurement. */
  readonly documentedCores: number
}

/** A load that the document describes. */
export interface DocumentedLoad {
  readonly name: string
  readonly users: number
  /** Seconds between a response and the next request of the same user. */
  readonly pause: number
}

/** One metric of several arms, as documented. */
export interface DocumentedTable {
  readonly title: string
  readonly metric: DocumentedMetric
  /** Each value with the name of its arm, in the order of the document. */
  readonly figures: readonly (Figure & { readonly arm: string })[]
}

/** Settings of the new measurement. Times in seconds. */
export interface DocumentedMeasure
  extends Pick<Plan, 'request' | 'backends' | 'warmup' | 'duration' | 'timeout'> {
  /** Absent: as many as the documented values imply. */
  readonly connections?: number | undefined
  readonly trials: number
  readonly maxTime: number
  readonly control: boolean
}

/** Documented tables, and the settings to reproduce them. */
export interface Documented {
  /** Name of the file, without its extension. */
  readonly name: string
  readonly title: string
  /** Description of the documented machine. */
  readonly host?: string | undefined
  readonly loads: readonly DocumentedLoad[]
  readonly arms: Readonly<Record<string, DocumentedArm>>
  readonly tables: readonly DocumentedTable[]
  readonly measure: DocumentedMeasure
}

const line = (remedy: string) =>
  field((value) => {
    const text = typeof value === 'number' ? textOf(value) : value
    return typeof text === 'string' && /^\S.*$/.test(text) ? text : undefined
  }, remedy)

/** The fields that documented tables have in YAML and in markdown. */
export function commonFields(registry: Registry) {
  const { request, warmup, backends, timeout, control } = scenarioFields(registry)
  return {
    host: line('describe the machine of the document in one line').optional(),
    loads: z.array(load, 'list the loads, each { users: 100, pause: 1s }').default([]),
    arms: arms(registry),
    connections: integer(1, bounds.connections).optional(),
    trials: integer(1, bounds.trials).default(8),
    duration: seconds('above 0').default(2),
    warmup,
    maxTime: seconds('above 0').default(540),
    ...{ timeout, request, control },
    backends: backends.prefault([{ weight: 5 }, { count: 2 }]),
  }
}

/** The metric of a table or a column. */
export const metricName = z.enum(
  Object.keys(documentedMetrics) as [DocumentedMetric, ...DocumentedMetric[]],
  `give one of ${Object.keys(documentedMetrics).join(', ')}`,
)

const load = fields({
  name: line('give the load a name').default('the documented load'),
  users: integer(1, bounds.documentedUsers),
  pause: seconds('from 0').default(0),
})

function arms(registry: Registry) {
  const arm = fields({
    target: oneOf(registry.targets).default('reference'),
    algorithm: oneOf(registry.algorithms),
    cores: integer(1, bounds.cores).default(1),
    documentedCores: integer(1, bounds.cores).optional(),
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

/** One of these names or aliases; `all` is not valid for a row. */
function oneOf(among: readonly Named[]) {
  return z.unknown().transform((value, context) => {
    const found = nameOf(textOf(value), among)
    if (found !== undefined) return found
    context.addIssue(meant(textOf(value), among))
    return z.NEVER
  })
}

const table = fields({
  title: line('give the table a title'),
  metric: metricName,
  figures: z.record(z.string(), z.unknown(), 'give a value for each arm: { NAME: 15000 req/s }'),
}).transform(({ title, metric, figures }, context): DocumentedTable => {
  const read = Object.entries(figures).flatMap(([arm, text]) => {
    const found = figure(textOf(text), metric)
    if (found !== undefined) return [{ ...found, arm }]
    const message = `give a value in ${unitsOf(metric)}`
    context.addIssue({ code: 'custom', path: ['figures', arm], message, input: text })
    return []
  })
  return { title, metric, figures: read }
})

function documentedSchema(registry: Registry) {
  return fields({
    title: line('name the document in one line'),
    ...commonFields(registry),
    tables: z.array(table, 'list the tables').min(1, 'give at least one table'),
  }).superRefine(({ arms: named, tables }, context) => {
    for (const [i, { figures }] of tables.entries()) {
      const unknown = figures.find(({ arm }) => !Object.hasOwn(named, arm))
      if (unknown === undefined) continue
      const path = ['tables', i, 'figures', unknown.arm]
      const message = `name one of the arms: ${Object.keys(named).join(', ')}`
      context.addIssue({ code: 'custom', path, message, input: unknown.text })
    }
  })
}

/** The settings of the measurement among the fields of a file. */
export function measureOf(read: DocumentedMeasure): DocumentedMeasure {
  const { request, backends, warmup, duration, timeout } = read
  const { connections, trials, maxTime, control } = read
  return { request, backends, warmup, duration, timeout, connections, trials, maxTime, control }
}

/**
 * Reads documented tables from a YAML file; without a path, the shipped ones.
 *
 * @throws {UsageError} the file is invalid; with the file, line and field of each error
 */
export async function readDocumented(registry: Registry, path?: string): Promise<Documented> {
  const file = path ?? shippedFile()
  const read = await readYaml(file, documentedSchema(registry))
  const { title, host, loads, arms: named, tables } = read
  const name = basename(file, extname(file))
  return { name, title, host, loads, arms: named, tables, measure: measureOf(read) }
}

/** A file in the folder of scenarios that only `lb reproduce` reads. */
function shippedFile(): string {
  const root = dirname(findPackageJSON('.', import.meta.url) as string)
  return join(root, 'scenarios', 'documented.yaml')
}
