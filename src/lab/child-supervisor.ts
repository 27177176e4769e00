import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { notify, serveRequests } from '../kit/rpc.ts'
import { killGroupAtExit, signalGroup } from './process-group.ts'
import { withAffinity } from './with-affinity.ts'

/** A program of others to run and to watch over. */
export interface SupervisedProcess {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Folder that it runs in. */
  readonly folder: string
  readonly cpus: readonly number[] | undefined
}

/** Milliseconds that the program has to end by itself after SIGTERM. */
const grace = 800

/**
 * Runs one program that knows nothing of us, in a session of its own, and kills all of that session's
 * group when our channel closes: a program that we only spawned would outlive us. It sleeps meanwhile,
 * and is no part of the program's costs.
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
    // Only the first process: a master tells its workers itself, and some take it badly to be told twice.
    program.kill('SIGTERM')
    await Promise.race([ended, wait(grace)])
    signalGroup(program.pid, 'SIGKILL')
    await ended
  },
})

process.on('SIGTERM', () => process.exit(0))
