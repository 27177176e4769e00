import { serveRequests } from '../kit/rpc.ts'
import { type Backend, openBackend } from './backend.ts'
import type {
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
  BackendsWatch,
  FaultsOptions,
} from './config.ts'
import { type FaultInjector, faultInjector } from './fault-injector.ts'
import { timerQueue } from './timer-queue.ts'

/** The mock backends' process: one process, many listeners. See src/backend/config.ts for what it is asked. */
let backends: readonly Backend[] = []
let underWay: FaultInjector | undefined
const diary = timerQueue()

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
      const at = port === 0 ? 0 : port + i
      opened.push(await openBackend(plan, { number: i + 1, port: at, seed, agenda: diary }))
    }
    return { ports: opened.map((backend) => backend.port) }
  },
  counts(): BackendsCounts {
    return { backends: backends.map((backend) => backend.counts()) }
  },
  reset(): void {
    for (const backend of backends) backend.reset()
  },
  befall(options: FaultsOptions): void {
    underWay = faultInjector(options, { backends, agenda: diary })
  },
  watched: (): Promise<BackendsWatch> | undefined => underWay?.watched(),
  async stop(): Promise<void> {
    stop()
    await diary.close()
  },
})
