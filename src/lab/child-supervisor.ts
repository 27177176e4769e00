import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { notify, serveRequests } from '../kit/rpc.ts'
import { killGroupAtExit, signalGroup } from './process-group.ts'
import { withAffinity } from './with-affinity.ts'

/** A third-party program to run under supervision. */
export interface SupervisedProcess {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Its working directory. */
  readonly folder: string
  /** CPUs that it is pinned to; undefined: all that it may use. */
  readonly cpus: readonly number[] | undefined
}

/** Milliseconds that the program has to end by itself after SIGTERM. */
const graceMs = 800

/**
 * The child supervisor's process: it runs one third-party program in a session of its own, and kills that session's
 * group when its channel to `lb` closes. A program that `lb` started directly would survive it. The supervisor sleeps
 * while the program runs, and does not count towards the program's costs.
 */
let program: ChildProcess | undefined

serveRequests({
  async start({ file, args, env, folder, cpus }: SupervisedProcess): Promise<{ pid: number }> {
    const command = withAffinity(cpus, file, args)
    program = spawn(command.file, command.args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    })
    await once(program, 'spawn')
    const pid = program.pid as number
    const release = killGroupAtExit(pid)
    program.once('exit', (code, signal) => {
      signalGroup(pid, 'SIGKILL')
      release()
      notify('ended', { code, signal })
    })
    return { pid }
  },

  async stop(): Promise<void> {
    if (program?.pid === undefined || program.exitCode !== null || program.signalCode !== null)
      return
    const ended = once(program, 'exit')
    // Only the first process: a master signals its workers itself, and some mishandle a second signal.
    program.kill('SIGTERM')
    await Promise.race([ended, wait(graceMs)])
    signalGroup(program.pid, 'SIGKILL')
    await ended
  },
})

process.on('SIGTERM', () => process.exit(0))
