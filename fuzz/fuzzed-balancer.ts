import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type {
  BalancerConfig,
  BalancerCounts,
  BalancerReady,
} from '../src/balancer/config/config.ts'
import { type LabProcess, startProcess } from '../src/lab/process.ts'

/** A balancer in a process of its own. */
export interface FuzzedBalancer extends AsyncDisposable {
  readonly port: number
  /** Settles when it has ended. */
  readonly exited: LabProcess['exited']
  counts(): Promise<BalancerCounts>
  /** Number of sockets that it has open. Its other files are Node's own, which opens some of them late. */
  sockets(): number
  /** Resident memory in bytes. */
  residentBytes(): number
  /** Its output without the reasons why requests failed: empty while no worker has died. */
  printed(): string
}

/** A line that names a backend and the reason of its failures. */
const failureReason = /^backend \S+ fails: .*\n/gm

/** Starts the balancer from `file`; its output goes to `log`. */
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
    printed: () => readFileSync(log, 'utf8').replaceAll(failureReason, ''),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter((file) => {
    try {
      return readlinkSync(join(folder, file)).startsWith('socket:')
    } catch {
      // It was closed in the meantime.
      return false
    }
  }).length
}
