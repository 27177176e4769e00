import type { Pause } from '../kit/pause.ts'
import { serveRequests } from '../kit/rpc.ts'
import { type Backend, openBackend } from './backend.ts'
import { type BackendWaits, backendWaits } from './backend-waits.ts'
import type {
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
  FaultsOptions,
  FaultTimeline,
} from './config.ts'
import { type Entry, openEntry } from './entry.ts'
import { type FaultInjector, faultInjector } from './fault-injector.ts'
import { timerQueue } from './timer-queue.ts'

/** A process of mock backends: many listeners. src/backend/config.ts has its messages. */
let backends: readonly Backend[] = []
let entry: Entry | undefined
let injector: FaultInjector | undefined
let waits: BackendWaits | undefined
const timers = timerQueue()

function stop(): void {
  entry?.stop()
  entry = undefined
  for (const backend of backends) backend.stop()
  backends = []
  waits?.[Symbol.dispose]()
  waits = undefined
}

serveRequests({
  async start({
    backends: plans,
    numbers,
    seed,
    host = '127.0.0.1',
    port = 0,
    entry: entryPort,
  }: BackendsConfig): Promise<BackendsReady> {
    stop()
    const opened: Backend[] = []
    backends = opened
    const noted = backendWaits()
    waits = noted
    for (const [i, plan] of plans.entries()) {
      const number = numbers?.[i] ?? i + 1
      const options = {
        ...{ number, host, port: port === 0 ? 0 : port + i, seed, timers },
        noteWait: noted.note,
      }
      opened.push(await openBackend(plan, options))
    }
    const weighted = opened.map((backend, i) => ({ backend, weight: plans[i]?.weight ?? 1 }))
    if (entryPort !== undefined && weighted.length > 0) {
      entry = await openEntry(weighted, { host, port: entryPort })
    }
    return {
      ports: opened.map((backend) => backend.port),
      ...(entry && { entry: entry.port }),
    }
  },
  counts(): BackendsCounts {
    return { backends: backends.map((backend) => backend.counts()) }
  },
  queueWaits: (): readonly Pause[] => waits?.report() ?? [],
  reset(): void {
    for (const backend of backends) backend.reset()
  },
  injectFaults(options: FaultsOptions): void {
    injector = faultInjector(options, { backends, timers })
  },
  faultTimeline: (): Promise<FaultTimeline> | undefined => injector?.timeline(),
  async stop(): Promise<void> {
    stop()
    await timers.close()
  },
})
