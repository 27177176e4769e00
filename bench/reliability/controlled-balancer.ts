import { fileURLToPath } from 'node:url'
import type { BalancerConfig, BalancerCounts } from '../../src/balancer/config/config.ts'
import { type LabProcess, type ProcessOptions, startProcess } from '../../src/lab/process.ts'
import type { ControlledReady } from './controlled-balancer-process.ts'

/** A balancer that a run controls. */
export interface ControlledBalancer extends AsyncDisposable {
  readonly port: number
  readonly pid: number
  counts(): Promise<BalancerCounts>
  /** Ends a worker as by a crash; returns the time of that, in milliseconds since 1970. */
  killWorker(worker: number): Promise<number>
  /** Sends a change to the admin port. Rejects where it is refused. */
  change(method: string, path: string, body?: object): Promise<void>
}

/** Which code runs: the compiled build, or the sources. */
export type Build = 'dist' | 'source'

/** Enough on a machine with other load. */
const startTimeout = { timeout: 60 } as const
/** Milliseconds that a change may take on a busy host. */
const changeTimeoutMs = 30_000
const token = 'a-token-for-these-runs'
const child = fileURLToPath(new URL('./controlled-balancer-process.ts', import.meta.url))

/** The file of a module of `src`, such as `balancer/main`, in a build or in the sources. */
export function moduleOf(name: string, build: Build): string {
  const path = build === 'dist' ? `../../dist/src/${name}.js` : `../../src/${name}.ts`
  return fileURLToPath(new URL(path, import.meta.url))
}

/** Starts the balancer with an admin port. */
export async function startControlledBalancer(
  config: BalancerConfig,
  build: Build,
  process: Pick<ProcessOptions, 'cpus' | 'nodeArgs'> = {},
): Promise<ControlledBalancer> {
  const options = { name: 'the balancer', file: child, ...process }
  const running: LabProcess = await startProcess(options)
  const started = {
    module: moduleOf('balancer/supervisor/balancer', build),
    config: { ...config, admin: { port: 0, token } },
  }
  const { port, adminPort } = await running.call<ControlledReady>('start', started, startTimeout)
  return {
    port,
    pid: running.pid,
    counts: () => running.call<BalancerCounts>('counts'),
    killWorker: (worker) => running.call<number>('kill', worker),
    async change(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${adminPort}${path}`, {
        method,
        // On a busy host an idle connection may be closed just as the next change is sent on it.
        headers: { authorization: `Bearer ${token}`, connection: 'close' },
        signal: AbortSignal.timeout(changeTimeoutMs),
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    },
    [Symbol.asyncDispose]: () => running.stop(),
  }
}
