import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ProcessError } from '../../kit/errors.ts'

/** Characters of a program's error output that an error shows. */
const maxErrorChars = 400

/** A program that runs, and its output. */
export interface RunningProgram {
  readonly child: ChildProcess
  readonly pid: number
  /** Its standard output so far. */
  readonly output: string
  /** Resolves once the output has this line, or the program has ended. */
  line(text: string): Promise<void>
  /**
   * Its whole output.
   * @throws {ProcessError} it failed, with the end of its output
   * @throws the signal's reason, once it aborts
   */
  readonly over: Promise<string>
}

/**
 * Starts an external load generator; it is killed once `signal` aborts. It belongs to the process group of this process,
 * and ends with it.
 *
 * @throws {ProcessError} it could not be started
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<RunningProgram> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new ProcessError(
      `${file} could not be started: ${(error as Error).message}`,
      'Is it installed?',
    )
  }
  const collected = { output: '', errors: '' }
  const kill = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  // It may end before it reads the line that we write.
  child.stdin.on('error', () => {})
  child.stderr.setEncoding('utf8').on('data', (text: string) => (collected.errors += text))
  child.stdout.setEncoding('utf8').on('data', (text: string) => (collected.output += text))
  const closed = once(child, 'close').then(([code]) => code as number | null)
  const over = closed.then((code) => {
    signal.removeEventListener('abort', kill)
    signal.throwIfAborted()
    if (code === 0) return collected.output
    const said = `${collected.errors}\n${collected.output}`.trim().slice(-maxErrorChars)
    const detail = said.replace(/\s*\n\s*/g, '; ')
    throw new ProcessError(`${file} ended with exit code ${code}: ${detail}`, 'See its manual.')
  })
  // It is awaited later.
  over.catch(() => {})
  return {
    child,
    pid: child.pid as number,
    get output() {
      return collected.output
    },
    async line(text) {
      const found = new Promise<void>((resolve) => {
        const look = (): void => {
          if (!collected.output.includes(text)) return
          child.stdout.off('data', look)
          resolve()
        }
        child.stdout.on('data', look)
        look()
      })
      await Promise.race([found, closed])
    },
    over,
  }
}
