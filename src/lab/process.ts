import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { ProcessError } from '../kit/errors.ts'
import { logTail } from './log-tail.ts'
import { killGroupAtExit, signalGroup } from './process-group.ts'
import { openRpcChannel, type RpcChannel } from './rpc-channel.ts'
import { withAffinity } from './with-affinity.ts'

/** Milliseconds that each step of stopping may take: the question, the closed channel, SIGTERM. */
const stopStepMs = 1000

/** A process of ours to start: a module that speaks src/kit/rpc.ts. */
export interface ProcessOptions {
  /** What messages call it: `the driver`, `the target nginx`. */
  readonly name: string
  /** Its module; see `entry` in src/kit/entry.ts. */
  readonly file: string
  /** File that its output is appended to; without one it writes where this process writes. */
  readonly log?: string | undefined
  /** CPUs that it may run on, where `taskset` can say so; without, all of ours. */
  readonly cpus?: readonly number[] | undefined
  /** Options of its Node, before the module. */
  readonly nodeArgs?: readonly string[]
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process that was started, and that is ours to stop. It leads a session. */
export interface Running extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  /** File with its output; undefined where it writes where this process writes. */
  readonly log: string | undefined
  /** Settles once it is gone, however it went; never rejects. */
  readonly exited: Promise<Exit>
  /** Ends it for certain, first kindly, at last by SIGKILL to its whole group. Never rejects. */
  stop(): Promise<void>
}

/** A running process of ours, which can be asked. */
export interface LabProcess extends Running, RpcChannel {}

/**
 * Starts a process of ours. It leads its own session, so that Ctrl-C reaches only us, who then decide;
 * it ends when we do, whatever ends us.
 * @throws {ProcessError} it could not be started
 */
export async function startProcess(options: ProcessOptions): Promise<LabProcess> {
  const child = launch(options)
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new ProcessError(
      `${options.name} could not be started: ${(error as Error).message}`,
      `It was to be started as: ${child.spawnargs.join(' ')}`,
    )
  }
  return attend(child, options)
}

function launch({ file, nodeArgs = [], log, cpus }: ProcessOptions): ChildProcess {
  const command = withAffinity(cpus, process.execPath, [...nodeArgs, file])
  const output = log === undefined ? undefined : openSync(log, 'a')
  try {
    return spawn(command.file, command.args, {
      stdio: ['ignore', output ?? 'inherit', output ?? 'inherit', 'ipc'],
      detached: true,
    })
  } finally {
    if (output !== undefined) closeSync(output)
  }
}

function attend(child: ChildProcess, { name, log }: ProcessOptions): LabProcess {
  const pid = child.pid as number
  const release = killGroupAtExit(pid)
  const silent = once(child, 'disconnect')
  const exited = once(child, 'exit').then(([code, signal]): Exit => {
    // What it started, should it have left any behind.
    signalGroup(pid, 'SIGKILL')
    release()
    return { code, signal }
  })
  const ended = exited.then(async (exit) => {
    // What it said last may still be in the channel: a failed start is told there.
    await within(silent)
    return { reason: describeExit(exit), lastWords: logTail(log) }
  })
  const conversation = openRpcChannel(child, name, ended)
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= stopChild({ child, pid, exited, conversation }))
  return { name, pid, log, exited, ...conversation, stop, [Symbol.asyncDispose]: stop }
}

async function stopChild(running: {
  readonly child: ChildProcess
  readonly pid: number
  readonly exited: Promise<Exit>
  readonly conversation: RpcChannel
}): Promise<void> {
  const { child, pid, exited, conversation } = running
  await conversation.call('stop', null, { timeout: stopStepMs / 1000 }).catch(() => undefined)
  if (child.connected) child.disconnect()
  if (await within(exited)) return
  signalGroup(pid, 'SIGTERM')
  if (await within(exited)) return
  signalGroup(pid, 'SIGKILL')
  await exited
}

/** Whether it settles within one step of stopping. */
async function within(settling: Promise<unknown>): Promise<boolean> {
  const over = new AbortController()
  const timer = wait(stopStepMs, false, { signal: over.signal }).catch(() => false)
  const settled = await Promise.race([settling.then(() => true), timer])
  over.abort()
  return settled
}

/** An exit in words, to follow a name. */
export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}
