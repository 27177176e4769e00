import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { modulePath } from '../kit/module-path.ts'
import type { RpcMessage, RpcRequest } from '../kit/rpc.ts'
import { compileCache } from '../lab/compile-cache.ts'
import { logTail } from '../lab/log-tail.ts'
import { describeExit } from '../lab/process.ts'
import { killGroupAtExit, signalGroup } from '../lab/process-group.ts'
import type { AgentProgram } from './messages.ts'

/** A process that an agent started. It leads a session, and ends with the agent. */
export interface NodeChild {
  readonly pid: number
  send(request: RpcRequest): void
  /** Closes its channel, upon which it ends; a second later by force. */
  stop(): void
}

/** What an agent hears of a process. */
export interface ChildEvents {
  message(message: RpcMessage): void
  /** How it ended, as the predicate of a sentence, and the end of its log. */
  ended(end: { readonly reason: string; readonly logTail: string }): void
}

const modules: Readonly<Record<AgentProgram, string>> = {
  driver: '../driver/main',
  backends: '../backend/main',
  balancer: '../balancer/main',
}

/** Milliseconds that a process may take to end. */
const stopMs = 1000

/** Starts a program of `lb`, whose log and temporary files are in `folder`. */
export function startChild(
  program: AgentProgram,
  folder: string,
  { message, ended }: ChildEvents,
): NodeChild {
  const log = join(folder, `${program}-${performance.now()}.log`)
  const output = openSync(log, 'a')
  const child = spawn(process.execPath, [modulePath(modules[program], import.meta.url)], {
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, ...compileCache(), TMPDIR: folder },
    detached: true,
  })
  closeSync(output)
  const pid = child.pid as number
  const release = killGroupAtExit(pid)
  child.on('message', (received) => message(received as RpcMessage))
  child.on('error', () => undefined)
  child.once('exit', (code, signal) => {
    // Processes that it started may be left.
    signalGroup(pid, 'SIGKILL')
    release()
    clearTimeout(timer)
    ended({ reason: describeExit({ code, signal }), logTail: logTail(log) })
  })
  let timer: NodeJS.Timeout | undefined
  return {
    pid,
    send: (request) => void (child.connected && child.send(request, () => undefined)),
    stop() {
      if (child.connected) child.disconnect()
      timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), stopMs)
    },
  }
}
