import { setTimeout as wait } from 'node:timers/promises'
import { ProcessError } from '../kit/errors.ts'
import { modulePath } from '../kit/module-path.ts'
import type { SupervisedProcess } from './child-supervisor.ts'
import { logTail } from './log-tail.ts'
import { acceptsConnections } from './ports.ts'
import { describeExit, type Exit, type Running, startProcess } from './process.ts'
import { killGroupAtExit, signalGroup, waitForGroupExit } from './process-group.ts'

/** Seconds until a program must accept connections. */
const readyTimeout = 15
/** Milliseconds between two looks at its port. */
const lookEvery = 10
/** Milliseconds that killed workers may take to be gone. */
const dying = 1000

/** A program of others to start. */
export interface ProgramOptions extends SupervisedProcess {
  /** What messages call it. */
  readonly name: string
  /** File that its output is appended to. */
  readonly log: string
  /** It is ready once this port accepts a connection. */
  readonly port: number
  readonly signal: AbortSignal
}

/**
 * Starts a program of others under a keeper (src/lab/keeper.ts) and waits until its port accepts.
 * The pid is that of its first process.
 * @throws {ProcessError} it could not be started, it ended, or it was not ready in time; with its last words
 * @throws the signal's reason, once it aborts
 */
export async function startProgram(options: ProgramOptions): Promise<Running> {
  const { name, log, port, signal, ...kept } = options
  const keeper = await startProcess({
    name,
    file: modulePath('./child-supervisor', import.meta.url),
    log,
  })
  const told = new Promise<Exit>((ended) => keeper.on('ended', (exit) => ended(exit as Exit)))
  const exited = Promise.race([told, keeper.exited])
  try {
    const { pid } = await keeper.call<{ pid: number }>('start', kept satisfies SupervisedProcess)
    // Should its keeper be killed, it is still ours to end.
    const release = killGroupAtExit(pid)
    void keeper.exited.then(() => {
      signalGroup(pid, 'SIGKILL')
      release()
    })
    await ready({ name, log, port, signal, exited })
    const stop = async () => {
      await keeper.stop()
      await waitForGroupExit(pid, dying)
    }
    return { name, pid, log, exited, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await keeper.stop()
    throw error
  }
}

async function ready(program: {
  readonly name: string
  readonly log: string
  readonly port: number
  readonly signal: AbortSignal
  readonly exited: Promise<Exit>
}): Promise<void> {
  const { name, log, port, signal, exited } = program
  let exit: Exit | undefined
  void exited.then((how) => (exit = how))
  const end = performance.now() + readyTimeout * 1000
  while (performance.now() < end) {
    if (exit === undefined && (await acceptsConnections(port)) && exit === undefined) return
    if (exit !== undefined) throw new ProcessError(`${name} ${describeExit(exit)}`, logTail(log))
    await wait(lookEvery)
    signal.throwIfAborted()
  }
  throw new ProcessError(
    `${name} did not accept connections on port ${port} in ${readyTimeout} s`,
    logTail(log),
  )
}
