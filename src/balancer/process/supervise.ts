import { type ChildProcess, spawn } from 'node:child_process'
import { writeSync } from 'node:fs'
import { exitCodes } from '../../kit/exit-codes.ts'
import { type Exit, followChild } from './follow-child.ts'
import { heldSockets } from './held-sockets.ts'
import {
  type ChildMessage,
  type ParentMessage,
  restartsVariable,
  type SocketHandle,
} from './parent-messages.ts'
import { restartPauses } from './restart-pauses.ts'

/** Starts in a row that may end by a signal before the balancer has served for the first time. */
const maxFirstStarts = 5
/** Milliseconds that the balancer has to end after SIGQUIT, before SIGKILL. */
const cutMs = 5000

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const
const passedSignals = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/** The process that runs the balancer now. */
interface BalancerProcess {
  readonly child: ChildProcess
  catching: boolean
  /** When it began to serve, in ms; undefined before. */
  servingSince: number | undefined
}

/** Whether a process ended because it was to stop: a signal may have come before it could catch any. */
function isStop({ code, signal }: Exit): boolean {
  return code === 0 || stopSignals.some((stop) => stop === signal)
}

/**
 * Makes this process the parent of a balancer: runs `script` with Node as a child, and again when it ends by a signal
 * or by an error after it has served. The parent does nothing for a connection. It holds the listening sockets, so
 * that connections wait while no child runs. It passes signals on, and exits with the code of an orderly stop or of a
 * start that failed. The child ends when its channel to this process closes.
 */
export function supervise(script: string, args: readonly string[]): void {
  const sockets = heldSockets()
  const pauses = restartPauses()
  let running: BalancerProcess | undefined
  let restarts = 0
  let hasServed = false
  let stopping = false

  function start(): void {
    try {
      follow(spawnChild(script, args, restarts))
    } catch (error) {
      // Without memory Node throws; without descriptors it emits an event.
      notStarted(error as Error)
    }
  }

  function follow(child: ChildProcess): void {
    const started: BalancerProcess = { child, catching: false, servingSince: undefined }
    running = started
    child.on('message', (message, handle) =>
      receive(started, message as ChildMessage, handle as SocketHandle | undefined),
    )
    followChild(child, { notStarted, ended: (exit) => ended(started, exit) })
  }

  function notStarted({ message }: Error): void {
    running = undefined
    report(`the balancer cannot be started: ${message}`)
    if (!hasServed) process.exit(exitCodes.error)
    restart(pauses.next(0))
  }

  function receive(
    from: BalancerProcess,
    message: ChildMessage,
    handle: SocketHandle | undefined,
  ): void {
    if ('catching' in message) from.catching = true
    else if ('hold' in message && handle !== undefined) sockets.hold(message.hold, handle)
    else if ('take' in message) {
      const reply: ParentMessage = { socket: message.take }
      from.child.send(reply, sockets.take(message.take) as never)
    } else if ('ready' in message) {
      sockets.closeUnused()
      hasServed = true
      from.servingSince = performance.now()
    } else if ('release' in message) {
      sockets.closeAll()
      from.child.send({ released: true } satisfies ParentMessage)
    }
  }

  function ended({ child, servingSince }: BalancerProcess, { code, signal }: Exit): void {
    running = undefined
    if (isStop({ code, signal })) process.exit(exitCodes.fine)
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
    const what = `the balancer (process ${child.pid}) ${how}`
    const failedStart = !hasServed && (signal === null || restarts + 1 >= maxFirstStarts)
    if (failedStart || stopping) exit(code, what)
    const servedMs = servingSince === undefined ? 0 : performance.now() - servingSince
    const ms = pauses.next(servedMs)
    const next = `restart ${restarts + 1} ${ms === 0 ? 'now' : `in ${ms / 1000} s`}`
    report(`${what}: its connections were cut, new ones wait; ${next}`)
    restart(ms)
  }

  function restart(ms: number): void {
    restarts++
    setTimeout(start, ms)
  }

  function stop(signal: NodeJS.Signals): void {
    stopping = true
    if (running === undefined) process.exit(exitCodes.fine)
    const { child } = running
    child.kill(signal)
    if (signal === 'SIGQUIT') setTimeout(() => child.kill('SIGKILL'), cutMs)
  }

  for (const signal of stopSignals) process.on(signal, () => stop(signal))
  for (const signal of passedSignals) {
    process.on(signal, () => {
      // A child that does not catch it yet has not read its files yet.
      if (running?.catching) running.child.kill(signal)
    })
  }
  start()
}

function spawnChild(script: string, args: readonly string[], restarts: number): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, '--disable-sigusr1', script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [restartsVariable]: `${restarts}` },
  })
}

/** Exits with the code of the child, which has explained it itself, or with 1 after a signal. */
function exit(code: number | null, what: string): never {
  if (code === null) report(what)
  process.exit(code ?? exitCodes.error)
}

/** One line on standard error, whether or not anyone reads it. */
function report(line: string): void {
  try {
    writeSync(2, `lb: ${line}\n`)
  } catch {
    // The pipe is closed or full: the balancer goes on.
  }
}
