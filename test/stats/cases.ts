import { readFileSync } from 'node:fs'

/** One vector of a file of cases: a kind, an id, and fields that depend on the kind. */
export interface Vector {
  readonly id: string
  readonly kind: string
}

/** A file of cases under test/cases/stats/. */
export function cases<Content>(file: string): Content {
  return JSON.parse(
    readFileSync(new URL(`../cases/stats/${file}`, import.meta.url), 'utf8'),
  ) as Content
}

/** The vectors of one kind of test/cases/stats/tests.json. */
export function vectors<Fields>(kind: string): (Vector & Fields)[] {
  const found = cases<{ vectors: (Vector & Fields)[] }>('tests.json').vectors
  const ofKind = found.filter((vector) => vector.kind === kind)
  if (ofKind.length === 0) throw new Error(`no case of kind ${kind}`)
  return ofKind
}
