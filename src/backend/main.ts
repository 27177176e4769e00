import { serveRequests } from '../kit/rpc.ts'
import { type Backend, openBackend } from './backend.ts'
import type {
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
  FaultsOptions,
  FaultTimeline,
} from './config.ts'
import { type FaultInjector, faultInjector } from './fault-injector.ts'
import { timerQueue } from './timer-queue.ts'

/** The process of the mock backends: one process, many listeners. src/backend/config.ts has its messages. */
let backends: readonly Backend[] = []
let injector: FaultInjector | undefined
const timers = timerQueue()

function stop(): void {
  for (const backend of backends) backend.stop()
  backends = []
}

serveRequests({
  async start({ backends: plans, seed, port = 0 }: BackendsConfig): Promise<BackendsReady> {
    stop()
    const opened: Backend[] = []
    backends = opened
    for (const [i, plan] of plans.entries()) {
      const options = { number: i + 1, port: port === 0 ? 0 : port + i, seed, timers }
      opened.push(await openBackend(plan, options))
    }
    return { ports: opened.map((backend) => backend.port) }
  },
  counts(): BackendsCounts {
    return { backends: backends.map((backend) => backend.counts()) }
  },
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
