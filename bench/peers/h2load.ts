import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { withAffinity } from '../../src/lab/with-affinity.ts'
import type { Peer } from './peer.ts'

/** Connections, and concurrent streams of each: as many requests in flight as over HTTP/1.1. */
export const h2loadLoad = { connections: 8, streams: 8 } as const

/** A running h2load. */
export interface H2load {
  readonly pid: number | undefined
  /** Settles when the load has ended; rejects when requests failed. */
  readonly over: Promise<unknown>
  stop(): Promise<void>
  /** The 99th percentile of the response times, in seconds. */
  p99(): Promise<number>
}

/** Starts h2load for `seconds`; `log`: the file of its response times. */
export function startH2load(
  { placement }: Peer,
  { url, seconds, log }: { readonly url: string; readonly seconds: number; readonly log: string },
): H2load {
  const { connections, streams } = h2loadLoad
  const args = [
    ...[`-c${connections}`, `-m${streams}`, '-t1', `-D${seconds}`],
    ...[`--log-file=${log}`, url],
  ]
  const { file, args: all } = withAffinity(
    placement.pinned ? placement.driver : undefined,
    'h2load',
    args,
  )
  const running = promisify(execFile)(file, [...all], { maxBuffer: 2 ** 24 })
  const over = running.then(({ stdout }) => {
    const trouble = /(\d+) failed, (\d+) errored, (\d+) timeout/.exec(stdout)
    if (trouble === null || trouble.slice(1).some((count) => count !== '0')) {
      throw new Error(`h2load: ${trouble?.[0] ?? 'no results'}`)
    }
  })
  return {
    pid: running.child.pid,
    over,
    async stop() {
      await over
    },
    async p99() {
      const times = responseTimes(await readFile(log, 'latin1'))
      return (times[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY) / 1e6
    },
  }
}

/** The response times in a log of h2load, in µs, sorted. Each line: start, status, response time. */
export function responseTimes(log: string): Float64Array {
  const lines = log.split('\n').filter((line) => line !== '')
  return Float64Array.from(lines, (line) => Number(line.split('\t')[2])).sort()
}
