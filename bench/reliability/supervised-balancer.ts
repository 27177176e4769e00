import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Build } from './controlled-balancer.ts'
import { spawnOwned } from './spawn-owned.ts'
import { within } from './within.ts'

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

/** Seconds that a start or a stop may take on a busy host. */
const maxSeconds = 60

/** Starts it in front of backends with these URLs. */
export async function startSupervisedBalancer(
  backends: readonly string[],
  { port, build }: { readonly port: number; readonly build: Build },
): Promise<SupervisedBalancer> {
  const script = build === 'dist' ? '../../bin/run.js' : '../../bin/dev.js'
  const urls = backends.flatMap((url) => ['--backend', url])
  const options = ['--port', `${port}`, '--cores', '2', '--drain-timeout', '1s']
  const parent = spawnOwned(
    [fileURLToPath(new URL(script, import.meta.url)), 'serve', ...urls, ...options],
    ['ignore', 'pipe', 'ignore'],
  )
  const exited = once(parent, 'exit')
  const output = parent.stdout
  if (output === null || parent.pid === undefined) throw new Error('lb serve did not start')
  const { pid } = parent
  let printed = ''
  output.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const readyTimes = () => printed.split('lb is ready').length - 1
  const ready = async (times: number) => {
    while (readyTimes() < times) {
      const ended = await Promise.race([once(output, 'data').then(() => undefined), exited])
      if (ended !== undefined) throw new Error(`lb serve ended: ${ended}; it printed: ${printed}`)
    }
  }
  await within(maxSeconds, 'the start of lb serve', ready(1))
  return {
    port,
    async kill(signal) {
      const times = readyTimes() + 1
      const killedMs = Date.now()
      process.kill(onlyChildOf(pid), signal)
      await within(maxSeconds, `the restart of lb serve after ${signal}`, ready(times))
      return { killedMs, readyMs: Date.now() }
    },
    async [Symbol.asyncDispose]() {
      parent.kill('SIGTERM')
      // The balancer ends with its parent.
      await within(maxSeconds, 'its stop', exited).catch(() => parent.kill('SIGKILL'))
    },
  }
}

function onlyChildOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  if (!/^\d+$/.test(children)) throw new Error(`not one child: "${children}"`)
  return Number(children)
}
