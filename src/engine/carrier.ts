import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { killGroupAtExit, signalGroup } from '../lab/process-group.ts'

/** A command of an engine, such as ssh or srun, that carries lines to agents and back. */
export interface Carrier {
  write(line: string): void
  /** How it ended; never rejects. */
  readonly exited: Promise<{ readonly code: number | null }>
  /** The line of its standard error that says most: the last error, or the last line. A program of Node prints its stack below it. */
  complaint(): string | undefined
  /** Closes its input, upon which agents end; then sends it each signal in turn until it has ended. */
  stop(): Promise<void>
}

/** What is heard of a carrier: its lines. */
export interface CarrierEvents {
  line(line: string): void
  error?(line: string): void
}

/** Milliseconds that a carrier may take to end, after its input was closed and after each signal. */
const stopMs = 1000
/** Lines of standard error that are kept. */
const maxErrors = 40

/** Starts a carrier, which leads a session: Ctrl-C reaches this process only. */
export function startCarrier(
  [file = '', ...args]: readonly string[],
  { line, error }: CarrierEvents,
  signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'],
): Carrier {
  const child = spawn(file, args, { stdio: 'pipe', detached: true })
  const errors: string[] = []
  const release = child.pid === undefined ? () => {} : killGroupAtExit(child.pid)
  const end = Promise.withResolvers<{ readonly code: number | null }>()
  child.once('error', ({ message }) => {
    errors.push(message)
    end.resolve({ code: 127 })
  })
  // Not `exit`: its last lines may still be in its pipes.
  child.once('close', (code) => {
    release()
    end.resolve({ code })
  })
  child.stdin.on('error', () => undefined)
  const linesOf = (input: NodeJS.ReadableStream, each: (line: string) => void) =>
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', each)
  linesOf(child.stdout, line)
  linesOf(child.stderr, (text) => {
    errors.push(text)
    if (errors.length > maxErrors) errors.shift()
    error?.(text)
  })
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    child.stdin.end()
    for (const signal of signals) {
      if (await endsInTime(end.promise)) return
      if (child.pid !== undefined) signalGroup(child.pid, signal)
    }
    await end.promise
  }
  return {
    write: (text) => void (child.stdin.writable && child.stdin.write(`${text}\n`)),
    exited: end.promise,
    complaint: () => (errors.findLast((one) => /error/i.test(one)) ?? errors.at(-1))?.trim(),
    stop: () => (stopping ??= stop()),
  }
}

async function endsInTime(ended: Promise<unknown>): Promise<boolean> {
  const over = new AbortController()
  const timer = wait(stopMs, false, { signal: over.signal }).catch(() => false)
  const hasEnded = await Promise.race([ended.then(() => true), timer])
  over.abort()
  return hasEnded
}
