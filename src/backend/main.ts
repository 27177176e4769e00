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

/** A process of mock backends: many listeners. src/backend/config.ts has its messages. */
let backends: readonly Backend[] = []
let injector: FaultInjector | undefined
const timers = timerQueue()

function stop(): void {
  for (const backend of backends) backend.stop()
  backends = []
}

serveRequests({
  async start({
    backends: plans,
    numbers,
    seed,
    port = 0,
  }: BackendsConfig): Promise<BackendsReady> {
    stop()
    const opened: Backend[] = []
    backends = opened
    for (const [i, plan] of plans.entries()) {
      const number = numbers?.[i] ?? i + 1
      const options = { number, port: port === 0 ? 0 : port + i, seed, timers }
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
