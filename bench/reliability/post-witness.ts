import { readFileSync, writeFileSync } from 'node:fs'

/** What saw each POST that a balancer wrote to a backend. */
export interface PostWitness {
  /** Options of the balancer's Node. */
  readonly nodeArgs: readonly string[]
  /** What it saw so far. */
  seen(): {
    /** Whether the request with this number was written to a connection that stood. */
    given(number: number): boolean
    /** Whether it was written to any. */
    written(number: number): boolean
  }
}

/** Has a balancer watched; `record` is a new file for what is seen. */
export function postWitness(record: string): PostWitness {
  const module = new URL('../../test/support/children/write-witness.ts', import.meta.url)
  module.searchParams.set('record', record)
  writeFileSync(record, '')
  return {
    nodeArgs: ['--import', module.href],
    seen() {
      const lines = new Set(readFileSync(record, 'utf8').split('\n'))
      const given = (number: number) => lines.has(`/${number} stood`)
      return { given, written: (number) => given(number) || lines.has(`/${number} gone`) }
    },
  }
}
