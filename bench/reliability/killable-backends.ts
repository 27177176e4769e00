import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BalancerConfig } from '../../src/balancer/config/config.ts'
import { type LabProcess, startProcess } from '../../src/lab/process.ts'
import { fixedPort } from './fixed-port.ts'
import type { KillableBackendOptions } from './killable-backend-process.ts'
import { backendUrl } from './protocols.ts'

/** Backends that can be killed and started again on their ports. */
export interface KillableBackends extends AsyncDisposable {
  readonly ports: readonly number[]
  /** They, in the configuration of a balancer. */
  readonly configured: BalancerConfig['backends']
  /** Sends SIGKILL to one; settles when it has ended. */
  kill(index: number): Promise<void>
  /** Starts a killed one on its port; settles when it listens. */
  restart(index: number): Promise<void>
  /** Whether the request with this number reached any of them, according to their records. */
  reached(): (number: number) => boolean
}

const file = fileURLToPath(new URL('./killable-backend-process.ts', import.meta.url))

/** Options of the backends. */
interface KillableBackendsOptions extends Pick<KillableBackendOptions, 'serviceMs' | 'protocol'> {
  /** Directory of their records. */
  readonly scratch: string
  readonly cpus?: readonly number[]
}

/** Starts `count` backends. */
export async function startKillableBackends(
  count: number,
  { scratch, serviceMs, protocol, cpus }: KillableBackendsOptions,
): Promise<KillableBackends> {
  const ports: number[] = []
  for (let n = 0; n < count; n++) ports.push(await fixedPort())
  const recordOf = (index: number) => join(scratch, `reached-${ports[index]}`)

  async function start(index: number): Promise<LabProcess> {
    const running = await startProcess({ name: `backend ${index + 1}`, file, cpus })
    const port = ports[index] as number
    const options = { port, protocol, record: recordOf(index), serviceMs }
    await running.call('start', options satisfies KillableBackendOptions, { timeout: 60 })
    return running
  }

  const running = await Promise.all(ports.map((_, index) => start(index)))
  return {
    ports,
    configured: ports.map((port) => ({ url: backendUrl(port, protocol), weight: 1 })),
    async kill(index) {
      const { pid, exited } = running[index] as LabProcess
      process.kill(pid, 'SIGKILL')
      await exited
    },
    async restart(index) {
      running[index] = await start(index)
    },
    reached() {
      const lines = ports.flatMap((_, index) => readFileSync(recordOf(index), 'utf8').split('\n'))
      const all = new Set(lines)
      return (number) => all.has(`/${number}`)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((one) => one.stop()))
    },
  }
}
