import { fileURLToPath } from 'node:url'
import type { BalancerConfig, BalancerCounts } from '../../src/balancer/config/config.ts'
import { type LabProcess, type ProcessOptions, startProcess } from '../../src/lab/process.ts'
import type { SteeredReady } from '../../test/support/children/steered-balancer.ts'

/** A balancer that is led through a run. */
export interface Steered extends AsyncDisposable {
  readonly port: number
  readonly pid: number
  counts(): Promise<BalancerCounts>
  /** Ends a worker as a crash would; gives when that was done, in milliseconds since 1970. */
  killWorker(worker: number): Promise<number>
  /** Changes something over the admin port. Fails where it is not taken. */
  change(method: string, path: string, body?: object): Promise<void>
}

/** Which build runs: what was built, or the sources. */
export type Build = 'dist' | 'source'

const token = 'a-token-for-these-runs'
const child = fileURLToPath(
  new URL('../../test/support/children/steered-balancer.ts', import.meta.url),
)

/** A module of `src`, as it was built or from the sources: `balancer/main`. */
export function moduleOf(name: string, build: Build): string {
  const path = build === 'dist' ? `../../dist/src/${name}.js` : `../../src/${name}.ts`
  return fileURLToPath(new URL(path, import.meta.url))
}

/** Starts the balancer with an admin port. */
export async function steer(
  config: BalancerConfig,
  build: Build,
  process: Pick<ProcessOptions, 'cpus' | 'nodeArgs'> = {},
): Promise<Steered> {
  const order = { name: 'the balancer', file: child, ...process }
  const running: LabProcess = await startProcess(order)
  const { port, adminPort } = await running.call<SteeredReady>('start', {
    module: moduleOf('balancer/supervisor/balancer', build),
    config: { ...config, admin: { port: 0, token } },
  })
  return {
    port,
    pid: running.pid,
    counts: () => running.call<BalancerCounts>('counts'),
    killWorker: (worker) => running.call<number>('kill', worker),
    async change(method, path, body) {
      const answer = await fetch(`http://127.0.0.1:${adminPort}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    },
    [Symbol.asyncDispose]: () => running.stop(),
  }
}
