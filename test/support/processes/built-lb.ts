import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const run = join(join(import.meta.dirname, '../../..'), 'bin/run.js')

/** The result of a finished `lb`: its exit code, or the signal that ended it, and its output. */
export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A running `lb …`, compiled, in a process of its own. */
export interface RunningLb {
  readonly child: ChildProcess
  readonly pid: number
  readonly finished: Promise<Finished>
}

/** Starts the built command line with these arguments, as a user would. */
export function startLb(...args: string[]): RunningLb {
  return startLbWith({}, ...args)
}

/** The same, with these variables added to the environment. */
export function startLbWith(variables: NodeJS.ProcessEnv, ...args: string[]): RunningLb {
  return started({ env: { ...process.env, ...variables } }, args)
}

/** The same, in this folder. */
export function startLbIn(folder: string, ...args: string[]): RunningLb {
  return started({ cwd: folder }, args)
}

function started(options: Pick<SpawnOptions, 'cwd' | 'env'>, args: readonly string[]): RunningLb {
  const child = spawn(process.execPath, [run, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const finished = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]): Finished => ({ code, signal, stdout, stderr }),
  )
  return { child, pid: child.pid as number, finished }
}

/** Runs the built command line to its end. */
export function builtLb(...args: string[]): Promise<Finished> {
  return startLb(...args).finished
}
