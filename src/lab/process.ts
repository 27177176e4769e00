import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { ProcessError } from '../kit/errors.ts'
import { logTail } from './log-tail.ts'
import { killGroupAtExit, signalGroup } from './process-group.ts'
import { openRpcChannel, type RpcChannel } from './rpc-channel.ts'
import { withAffinity } from './with-affinity.ts'

/** Milliseconds that each step of stopping may take: the call of `stop`, the closed channel, SIGTERM. */
const stopStepMs = 1000

/** A process of `lb` to start: a module that serves src/kit/rpc.ts. */
export interface ProcessOptions {
  /** Its name in messages: `the driver`, `the target nginx`. */
  readonly name: string
  /** Its module; see `modulePath` in src/kit/module-path.ts. */
  readonly file: string
  /** File that its output is appended to; without one it inherits our output. */
  readonly log?: string | undefined
  /** CPUs that it is pinned to, where `taskset` is installed; without them it may use all of ours. */
  readonly cpus?: readonly number[] | undefined
  /** Node options, placed before the module. */
  readonly nodeArgs?: readonly string[]
  /** Variables of its environment, besides ours. */
  readonly env?: Readonly<Record<string, string>>
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Of a process on another host: how it ended, as the predicate of a sentence. */
  readonly reason?: string
}

/** A process that we started and must stop. It leads a session. */
export interface Running extends AsyncDisposable {
  readonly name: string
  /** On its host. */
  readonly pid: number
  /** Name of its host, where that is another one, and the address at which it is reached there. */
  readonly host?: string
  readonly address?: string | undefined
  /** File with its output; undefined where it inherits our output. */
  readonly log: string | undefined
  /** Settles once it has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>
  /** Ends it for certain: by a request, by SIGTERM, at last by SIGKILL to its whole group. Never rejects. */
  stop(): Promise<void>
}

/** A running process of `lb` that serves calls. */
export interface LabProcess extends Running, RpcChannel {}

/**
 * Starts a process of `lb`. It leads its own session, so that Ctrl-C reaches only this process, which then decides;
 * it ends when this process ends, for whatever reason.
 * @throws {ProcessError} it could not be started
 */
export async function startProcess(options: ProcessOptions): Promise<LabProcess> {
  const child = spawnChild(options)
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new ProcessError(
      `${options.name} could not be started: ${(error as Error).message}`,
      `The command was: ${child.spawnargs.join(' ')}`,
    )
  }
  return labProcess(child, options)
}

function spawnChild({ file, nodeArgs = [], log, cpus, env = {} }: ProcessOptions): ChildProcess {
  const command = withAffinity(cpus, process.execPath, [...nodeArgs, file])
  const output = log === undefined ? undefined : openSync(log, 'a')
  try {
    return spawn(command.file, command.args, {
      stdio: ['ignore', output ?? 'inherit', output ?? 'inherit', 'ipc'],
      env: { ...process.env, ...env },
      detached: true,
    })
  } finally {
    if (output !== undefined) closeSync(output)
  }
}

function labProcess(child: ChildProcess, { name, log }: ProcessOptions): LabProcess {
  const pid = child.pid as number
  const release = killGroupAtExit(pid)
  const disconnected = once(child, 'disconnect')
  const exited = once(child, 'exit').then(([code, signal]): Exit => {
    // Processes that it started may be left.
    signalGroup(pid, 'SIGKILL')
    release()
    return { code, signal }
  })
  const ended = exited.then(async (exit) => {
    // Its last message, such as the error of a failed start, may still be in the channel.
    await settlesInTime(disconnected)
    return { reason: describeExit(exit), logTail: logTail(log) }
  })
  const channel = openRpcChannel(child, name, ended)
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= stopChild({ child, pid, exited, channel }))
  return { name, pid, log, exited, ...channel, stop, [Symbol.asyncDispose]: stop }
}

async function stopChild(running: {
  readonly child: ChildProcess
  readonly pid: number
  readonly exited: Promise<Exit>
  readonly channel: RpcChannel
}): Promise<void> {
  const { child, pid, exited, channel } = running
  await channel.call('stop', null, { timeout: stopStepMs / 1000 }).catch(() => undefined)
  if (child.connected) child.disconnect()
  if (await settlesInTime(exited)) return
  signalGroup(pid, 'SIGTERM')
  if (await settlesInTime(exited)) return
  signalGroup(pid, 'SIGKILL')
  await exited
}

/** Whether the promise settles within one step of stopping. */
async function settlesInTime(promise: Promise<unknown>): Promise<boolean> {
  const over = new AbortController()
  const timer = wait(stopStepMs, false, { signal: over.signal }).catch(() => false)
  const settled = await Promise.race([promise.then(() => true), timer])
  over.abort()
  return settled
}

/** An exit as the predicate of a sentence, to follow the name of the process. */
export function describeExit({ code, signal, reason }: Exit): string {
  if (reason !== undefined) return reason
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}
