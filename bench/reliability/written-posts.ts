import { readFileSync, writeFileSync } from 'node:fs'

/** The POSTs that a balancer wrote to backends. */
export interface WrittenPosts {
  /** Node options of the balancer. */
  readonly nodeArgs: readonly string[]
  /** The log so far. */
  read(): {
    /** Whether the request with this number was written to an open connection. */
    delivered(number: number): boolean
    /** Whether it was written to any connection. */
    written(number: number): boolean
  }
}

/** Logs the POSTs of a balancer to the new file `record`. */
export function writtenPosts(record: string): WrittenPosts {
  const module = new URL('./log-writes-preload.ts', import.meta.url)
  module.searchParams.set('record', record)
  writeFileSync(record, '')
  return {
    nodeArgs: ['--import', module.href],
    read() {
      const lines = new Set(readFileSync(record, 'utf8').split('\n'))
      const delivered = (number: number) => lines.has(`/${number} open`)
      return { delivered, written: (number) => delivered(number) || lines.has(`/${number} closed`) }
    },
  }
}
