import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Build } from './controlled-balancer.ts'

/** `lb serve`, with the parent that restarts it. */
export interface SupervisedBalancer extends AsyncDisposable {
  readonly port: number
  /** Ends the balancer by a signal, and waits until it serves again. */
  kill(signal: NodeJS.Signals): Promise<Restart>
}

/** A restart, in milliseconds since 1970. */
export interface Restart {
  readonly killedMs: number
  readonly readyMs: number
}

/** Starts it in front of backends with these URLs. */
export async function startSupervisedBalancer(
  backends: readonly string[],
  { port, build }: { readonly port: number; readonly build: Build },
): Promise<SupervisedBalancer> {
  const script = build === 'dist' ? '../../bin/run.js' : '../../bin/dev.js'
  const urls = backends.flatMap((url) => ['--backend', url])
  const options = ['--port', `${port}`, '--cores', '2', '--drain-timeout', '1s']
  const parent: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL(script, import.meta.url)), 'serve', ...urls, ...options],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const exited = once(parent, 'exit')
  const output = parent.stdout
  if (output === null || parent.pid === undefined) throw new Error('lb serve did not start')
  const { pid } = parent
  const ready = async () => {
    const [text] = await Promise.race([once(output, 'data'), exited])
    if (!`${text}`.includes('lb is ready')) throw new Error(`lb serve is not ready: ${text}`)
  }
  await ready()
  return {
    port,
    async kill(signal) {
      const readyAgain = ready()
      const killedMs = Date.now()
      process.kill(onlyChildOf(pid), signal)
      await readyAgain
      return { killedMs, readyMs: Date.now() }
    },
    async [Symbol.asyncDispose]() {
      parent.kill('SIGTERM')
      await exited
    },
  }
}

function onlyChildOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  if (!/^\d+$/.test(children)) throw new Error(`not one child: "${children}"`)
  return Number(children)
}
