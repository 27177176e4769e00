import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type {
  BalancerConfig,
  BalancerCounts,
  BalancerReady,
} from '../src/balancer/config/config.ts'
import { type LabProcess, startProcess } from '../src/lab/process.ts'

/** A balancer in a process of its own, under observation. */
export interface FuzzedBalancer extends AsyncDisposable {
  readonly port: number
  /** Settles when it is gone. */
  readonly exited: LabProcess['exited']
  counts(): Promise<BalancerCounts>
  /** Sockets that it has open. The rest of its files are Node's own, which opens some of them late. */
  sockets(): number
  /** Bytes of memory that it has in use. */
  residentBytes(): number
  /** All that it printed: nothing, as long as no worker died. */
  printed(): string
}

/** Starts the balancer from `file`; what it prints goes to `log`. */
export async function startFuzzedBalancer(
  file: string,
  log: string,
  config: BalancerConfig,
): Promise<FuzzedBalancer> {
  const running = await startProcess({ name: 'the balancer', file, log })
  const { port } = await running.call<BalancerReady>('start', config)
  return {
    port,
    exited: running.exited,
    counts: () => running.call<BalancerCounts>('counts'),
    sockets: () => socketsOf(running.pid),
    residentBytes() {
      const [, pages = ''] = readFileSync(`/proc/${running.pid}/statm`, 'utf8').split(' ')
      return Number(pages) * 4096
    },
    printed: () => readFileSync(log, 'utf8'),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter((file) => {
    try {
      return readlinkSync(join(folder, file)).startsWith('socket:')
    } catch {
      // It was closed as we looked.
      return false
    }
  }).length
}
