import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { eventually } from '../../balancer/support/balance.ts'

const bin = new URL('../../../bin/dev.js', import.meta.url).pathname

/** A running `lb serve`, from the TypeScript sources. */
export interface Serving extends AsyncDisposable {
  /** The process that was started: the parent, if there is one. */
  readonly child: ChildProcess
  /** The process that serves: the child of the parent, once there is one. */
  serverPid(): number
  readonly port: () => number
  readonly admin: () => number
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits until it is ready for the `times`-th time. */
  ready(times?: number): Promise<void>
  /** Waits until it has ended, and gives its exit code and signal. */
  ended(): Promise<readonly [number | null, NodeJS.Signals | null]>
}

/** Starts `lb serve` with these arguments, on a free port unless they have it listen elsewhere. */
export function startServing(...args: readonly string[]): Serving {
  const port = args.includes('--listen') ? [] : ['--port', '0']
  const child = spawn(process.execPath, [bin, 'serve', ...port, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const pid = child.pid as number
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1])
  return {
    child,
    serverPid: () => childrenOf(pid)[0] ?? pid,
    port: () => number(/ready on https?:\/\/127\.0\.0\.1:(\d+)/),
    admin: () => number(/admin port: http:\/\/127\.0\.0\.1:(\d+)/),
    stdout: () => stdout,
    stderr: () => stderr,
    async ready(times = 1) {
      // The last line of a start.
      const last = args.includes('--admin-port') ? 'admin port: ' : 'lb is ready'
      const lines = () => stdout.split(last).length - 1
      const hasEnded = () => child.exitCode !== null || child.signalCode !== null
      await eventually(() => lines() >= times || hasEnded())
      if (lines() < times) throw new Error(`it ended before it was ready: ${stderr}`)
    },
    ended: () => exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The processes that `pid` started. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid)
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

/** Whether a process has a handler for this signal, by its number. */
export function catches(pid: number, signal: number): boolean {
  return isIn('SigCgt', pid, signal)
}

/** Whether a process, which is stopped, has this signal to handle. */
export function isPending(pid: number, signal: number): boolean {
  return isIn('ShdPnd', pid, signal)
}

/** Whether a signal is in a set of signals in the status of a process: proc_pid_status(5). */
function isIn(set: 'SigCgt' | 'ShdPnd', pid: number, signal: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const mask = new RegExp(`${set}:\\s*([0-9a-f]+)`).exec(status)?.[1]
    return ((BigInt(`0x${mask ?? '0'}`) >> BigInt(signal - 1)) & 1n) === 1n
  } catch {
    return false
  }
}
