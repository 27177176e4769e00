import { z } from 'zod'
import { UsageError } from '../kit/errors.ts'
import { readError, readText } from '../kit/read-text.ts'
import { decode } from '../stats/histogram/histogram.ts'
import { documentVersion, type ResultDocument, resultDocument } from './document.ts'
import { hideSecrets } from './hide-secrets.ts'
import { migrate, migrations } from './migrate.ts'

const header = z.looseObject({ format: z.literal('lb-result'), version: z.int() })

/**
 * Reads a result of this or an older version. Secrets in it are hidden.
 *
 * @throws UsageError naming the file, and the version or the field that is not as it must be.
 */
export async function readResult(file: string): Promise<ResultDocument> {
  const read = resultDocument.safeParse(current(await readJson(file), file))
  if (!read.success) throw damaged(file, read.error.issues[0] as z.core.$ZodIssue)
  const [field, wrong] = unknownArm(read.data) ?? brokenHistogram(read.data) ?? []
  if (field !== undefined) throw changed(file, `field ${field}: ${wrong}`)
  return hideSecrets(read.data)
}

/**
 * The JSON value of a result file.
 *
 * @throws UsageError it cannot be read, is not JSON, or is nested too deeply
 */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file, maxBytes).catch((cause) => {
    const why = readError(cause, maxBytes)
    throw new UsageError(`cannot read ${file} (${why})`, 'give the path of a result file')
  })
  const value = parsed(text, file)
  if (!isNestedDeeper(value, maxDepth)) return value
  throw changed(file, `its fields are nested more than ${maxDepth} deep`)
}

/** Bytes of a result file: some 2,000 trials of the largest kind. */
const maxBytes = 128 * 2 ** 20
/** Depth to which the fields of a result are nested: its own to 8, those of a configuration in it further. */
const maxDepth = 64

/** Whether a value is nested deeper; without recursion, which a file could exhaust. */
function isNestedDeeper(value: unknown, depth: number): boolean {
  let level = [value]
  for (let i = 0; i <= depth; i++) {
    level = level.flatMap((one) => (typeof one === 'object' && one ? Object.values(one) : []))
    if (level.length === 0) return false
  }
  return true
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const cut = /^\s*(\{|$)/.test(text) && !/\}\s*$/.test(text)
    throw new UsageError(
      `${file} is ${cut ? 'cut off' : 'not JSON'} (${(cause as Error).message})`,
      'use a complete result file, as --output writes it',
      { cause },
    )
  }
}

/** Results of other commands, by their field `format`. */
const otherResults = new Map([
  ['lb-load', 'a load test'],
  ['lb-simulation', 'a simulation'],
  ['lb-choice', 'a choice'],
])

function current(found: unknown, file: string): object {
  const other = otherResults.get(formatOf(found))
  if (other !== undefined) {
    throw new UsageError(
      `${file} is the result of ${other}`,
      'show it with "lb report"; other commands need a result of "lb bench"',
    )
  }
  const read = header.safeParse(found)
  if (!read.success) {
    throw new UsageError(
      `${file} is not a result of lb (field ${String(read.error.issues[0]?.path[0] ?? 'format')} is invalid)`,
      'give a file that "lb bench --output" wrote',
    )
  }
  const { version } = read.data
  const migrated = migrate(read.data, { from: version, to: documentVersion, steps: migrations })
  if (version <= documentVersion && migrated !== undefined) return migrated
  throw new UsageError(
    `${file} has version ${version}, and this lb reads ${documentVersion}`,
    version > documentVersion ? 'update lb' : 'measure again',
  )
}

/** The field `format` of a result, which names its kind; empty where there is none. */
export function formatOf(found: unknown): string {
  if (typeof found !== 'object' || found === null || !('format' in found)) return ''
  return typeof found.format === 'string' ? found.format : ''
}

function damaged(file: string, issue: z.core.$ZodIssue): UsageError {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return changed(file, `field ${[...issue.path, ...keys].map(String).join('.')}: ${issue.message}`)
}

function changed(file: string, what: string): UsageError {
  return new UsageError(`${file}, ${what}`, 'it is damaged or was edited: take the original')
}

/** A field that is not as it must be, and why. */
type Wrong = readonly [field: string, why: string]

function unknownArm(document: ResultDocument): Wrong | undefined {
  const arms = new Set(document.plan.arms.map(({ name }) => name))
  const named = [
    ...document.plan.trials.map(({ arm }, i) => [`plan.trials.${i}.arm`, arm] as const),
    ...document.trials.map(({ trial }, i) => [`trials.${i}.trial.arm`, trial.arm] as const),
    ...document.findings.map(({ arm }, i) => [`findings.${i}.arm`, arm] as const),
    ...document.comparisons.map(({ arm }, i) => [`comparisons.${i}.arm`, arm] as const),
    ...document.curves.flatMap(({ points }, i) =>
      points.map(({ arm }, j) => [`curves.${i}.points.${j}.arm`, arm] as const),
    ),
  ]
  const [field, arm] = named.find(([, name]) => !arms.has(name)) ?? []
  return field && [field, `the plan has no arm "${arm}"`]
}

function brokenHistogram(document: ResultDocument): Wrong | undefined {
  const all = [
    ...document.trials.map(({ latency }, i) => [`trials.${i}.latency`, latency] as const),
    ...document.findings.map(({ latency }, i) => [`findings.${i}.latency`, latency] as const),
  ]
  for (const [field, encoded] of all) {
    try {
      decode(encoded)
    } catch {
      return [field, 'not an HDR histogram']
    }
  }
  return undefined
}
