import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { which } from '../host/which.ts'

/** The value of a hardware counter, or why it is unavailable. */
export type CounterResult = { readonly count: number } | { readonly unavailable: string }

/** Instructions in user mode: the cost that varies least between runs, on hosts that offer the counter. */
const instructions = 'instructions:u'

/** Why the counter is unavailable on this host; undefined where it is available. */
export async function counterUnavailable(event = instructions): Promise<string | undefined> {
  const perf = which('perf')
  if (perf === undefined) return 'perf is not installed (Debian: linux-perf)'
  try {
    const { stderr } = await promisify(execFile)(perf, ['stat', '-x', ',', '-e', event, 'true'])
    const result = parsePerfStat(stderr, event)
    return 'count' in result ? undefined : result.unavailable
  } catch (error) {
    return `perf failed: ${lastLine((error as Error).message)}`
  }
}

/** A running counter, which counts until `close`. */
export interface CounterMeter {
  close(): Promise<CounterResult>
}

/**
 * Counts an event in all threads of these processes, and in children that they start from now on.
 * perf ends when they end, so that it is never left running.
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
  const output = text(perf.stderr)
  const exited = once(perf, 'exit')
  await once(perf, 'spawn')
  return {
    async close() {
      // perf writes its counts when it is interrupted.
      perf.kill('SIGINT')
      await exited
      return parsePerfStat(await output, event)
    },
  }
}

/** Reads `VALUE,UNIT,EVENT,…`, perf-stat(1) under -x; the value may be `<not supported>` or `<not counted>`. */
export function parsePerfStat(output: string, event: string): CounterResult {
  const fields = output
    .split('\n')
    .map((line) => line.split(','))
    .find(([, , name]) => name === event)
  if (fields === undefined) return { unavailable: `perf printed: ${lastLine(output)}` }
  const count = Number.parseFloat(fields[0] ?? '')
  return Number.isFinite(count)
    ? { count }
    : {
        unavailable: `perf says ${fields[0]} for ${event}: this host does not offer the counter`,
      }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? 'nothing'
}
