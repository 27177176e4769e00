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
/** Milliseconds between two attempts to connect to its port. */
const connectIntervalMs = 10
/** Milliseconds that killed workers may take to end. */
const groupExitMs = 1000

/** A third-party program to start. */
export interface ProgramOptions extends SupervisedProcess {
  /** Its name in messages. */
  readonly name: string
  /** File that its output is appended to. */
  readonly log: string
  /** The program is ready once this port accepts a connection. */
  readonly port: number
  readonly signal: AbortSignal
  /** Starts the process of its supervisor, or takes one that was started ahead. */
  readonly startOne?: typeof startProcess
}

/**
 * Starts a third-party program under a child supervisor (src/lab/child-supervisor.ts) and waits until its port accepts
 * connections. The pid is that of its first process.
 * @throws {ProcessError} it could not be started, it ended, or it was not ready in time; the hint has the end of its log
 * @throws the signal's reason, once it aborts
 */
export async function startProgram(options: ProgramOptions): Promise<Running> {
  const { name, log: _, port, signal, startOne = startProcess, ...supervised } = options
  const supervisor = await startOne({
    name,
    file: modulePath('./child-supervisor', import.meta.url),
    log: options.log,
  })
  // That of a process that was started ahead is another file.
  const { log } = supervisor
  const programExit = new Promise<Exit>((resolve) =>
    supervisor.on('ended', (exit) => resolve(exit as Exit)),
  )
  const exited = Promise.race([programExit, supervisor.exited])
  try {
    const { pid } = await supervisor.call<{ pid: number }>(
      'start',
      supervised satisfies SupervisedProcess,
    )
    // If its supervisor is killed, we must end it.
    const release = killGroupAtExit(pid)
    void supervisor.exited.then(() => {
      signalGroup(pid, 'SIGKILL')
      release()
    })
    await waitUntilReady({ name, log, port, signal, exited })
    const stop = async () => {
      await supervisor.stop()
      await waitForGroupExit(pid, groupExitMs)
    }
    return { name, pid, log, exited, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await supervisor.stop()
    throw error
  }
}

async function waitUntilReady(program: {
  readonly name: string
  readonly log: string | undefined
  readonly port: number
  readonly signal: AbortSignal
  readonly exited: Promise<Exit>
}): Promise<void> {
  const { name, log, port, signal, exited } = program
  let exit: Exit | undefined
  void exited.then((ended) => (exit = ended))
  const end = performance.now() + readyTimeout * 1000
  while (performance.now() < end) {
    if (exit === undefined && (await acceptsConnections(port)) && exit === undefined) return
    if (exit !== undefined) throw new ProcessError(`${name} ${describeExit(exit)}`, logTail(log))
    await wait(connectIntervalMs)
    signal.throwIfAborted()
  }
  throw new ProcessError(
    `${name} did not accept connections on port ${port} in ${readyTimeout} s`,
    logTail(log),
  )
}
