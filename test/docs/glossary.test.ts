import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { reports } from '../../reports/formats/index.ts'
import { algorithms } from '../../src/algorithms/index.ts'
import { drivers } from '../../src/driver/index.ts'
import { exitCodes } from '../../src/kit/exit-codes.ts'
import { resultDocument } from '../../src/result/document.ts'
import { metricNames } from '../../src/result/metrics.ts'
import { bottleneckReasons } from '../../src/result/reasons/bottleneck-reasons.ts'
import { trialReasons } from '../../src/result/reasons/trial-reasons.ts'
import { targets } from '../../src/targets/index.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/glossary.md'), 'utf8')

/** Rows of the tables: kind of term (head of its first column), term, meaning, synonyms. */
const rows = text.split(/\n\n/).flatMap((paragraph) => {
  const [head, , ...body] = paragraph.split('\n').filter((line) => line.startsWith('| '))
  const [kind = ''] = cells(head ?? '')
  return body.map((line) => {
    const [term = '', meaning = '', elsewhere = ''] = cells(line)
    return { kind, term: term.replaceAll(/[*`]/g, ''), meaning, elsewhere }
  })
})

function cells(line: string): string[] {
  return line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim())
}

/** Every list of alternatives in a JSON Schema: enumerations, and the constants of one field in a union. */
function alternatives(schema: unknown): string[][] {
  if (typeof schema !== 'object' || schema === null) return []
  const { enum: values, oneOf } = schema as { enum?: string[]; oneOf?: Variant[] }
  const constants = (oneOf ?? []).flatMap(({ properties = {} }) =>
    Object.values(properties).flatMap((field) => field.const ?? []),
  )
  return [values ?? [], constants, ...Object.values(schema).flatMap(alternatives)]
}

interface Variant {
  readonly properties?: Readonly<Record<string, { readonly const?: string }>>
}

const stored = alternatives(z.toJSONSchema(resultDocument, { unrepresentable: 'any', io: 'input' }))

/** The alternatives of the field of a result document that may be `one` and `another`. */
function alternativesWith(one: string, another: string): string[] {
  return stored.find((values) => values.includes(one) && values.includes(another)) ?? []
}

const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name)

test.for([
  { kind: 'algorithm', registry: names(algorithms) },
  { kind: 'target', registry: names(targets) },
  { kind: 'driver', registry: names(drivers) },
  { kind: 'metric', registry: metricNames },
  { kind: 'fault kind', registry: alternativesWith('kill', 'hang') },
  { kind: 'bottleneck', registry: alternativesWith('driver', 'host') },
  {
    kind: 'verdict code',
    registry: [...Object.keys(bottleneckReasons), ...Object.keys(trialReasons)],
  },
  { kind: 'outcome', registry: alternativesWith('better', 'worse') },
  { kind: 'format', registry: reports.map(({ format }) => format) },
  { kind: 'exit code', registry: Object.keys(exitCodes) },
])('every $kind is in it, and nothing that is none', ({ kind, registry }) => {
  const listed = rows.filter((row) => row.kind === kind).map(({ term }) => term)
  expect(registry.length).toBeGreaterThan(1)
  expect(listed.toSorted()).toEqual([...registry].toSorted())
})

test('no term is defined twice', () => {
  const terms = rows.map(({ kind, term }) => `${kind} ${term.toLowerCase()}`)
  expect(rows.length).toBeGreaterThan(150)
  expect(terms.filter((term, i) => terms.indexOf(term) !== i)).toEqual([])
})

test('every term has a meaning, and says whether others call it otherwise', () => {
  const incomplete = rows.filter(
    ({ meaning, elsewhere }) => !meaning.endsWith('.') || elsewhere === '',
  )
  expect(incomplete.map(({ term }) => term)).toEqual([])
})
