import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { which } from '../host/which.ts'

/** What the processor's own counter said, or why it could not be asked. */
export type CounterResult = { readonly count: number } | { readonly unavailable: string }

/** The most stable of all costs, where the host lets us read it: instructions in user mode. */
const instructions = 'instructions:u'

/** Why the counter cannot be read on this host; undefined where it can. */
export async function counterUnavailable(event = instructions): Promise<string | undefined> {
  const perf = which('perf')
  if (perf === undefined) return 'perf is not installed (Debian: linux-perf)'
  try {
    const { stderr } = await promisify(execFile)(perf, ['stat', '-x', ',', '-e', event, 'true'])
    const read = parsePerfStat(stderr, event)
    return 'count' in read ? undefined : read.unavailable
  } catch (error) {
    return `perf failed: ${lastLine((error as Error).message)}`
  }
}

/** Counts from the moment that this settles until `close`. */
export interface CounterMeter {
  close(): Promise<CounterResult>
}

/**
 * Starts to count an event in all threads of these processes, and in children that they start from now on.
 * perf ends when they end, so that it cannot outlive them.
 */
export async function openCounter(
  pids: readonly number[],
  event = instructions,
): Promise<CounterMeter> {
  const unavailable = await counterUnavailable(event)
  if (unavailable !== undefined) return { close: async () => ({ unavailable }) }
  const perf = spawn(
    which('perf') as string,
    ['stat', '-x', ',', '-e', event, '-p', pids.join(',')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const said = text(perf.stderr)
  const exited = once(perf, 'exit')
  await once(perf, 'spawn')
  return {
    async close() {
      // Its own way to end: it then writes what it counted.
      perf.kill('SIGINT')
      await exited
      return parsePerfStat(await said, event)
    },
  }
}

/** Reads `VALUE,UNIT,EVENT,…`, perf-stat(1) under -x; the value may be `<not supported>` or `<not counted>`. */
export function parsePerfStat(output: string, event: string): CounterResult {
  const fields = output
    .split('\n')
    .map((line) => line.split(','))
    .find(([, , name]) => name === event)
  if (fields === undefined) return { unavailable: `perf said: ${lastLine(output)}` }
  const count = Number.parseFloat(fields[0] ?? '')
  return Number.isFinite(count)
    ? { count }
    : { unavailable: `perf says ${fields[0]} for ${event}: this host does not offer the counter` }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? 'nothing'
}
