import { answerParent } from '../kit/child.ts'
import { type Backend, openBackend } from './backend.ts'
import type {
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
  BackendsWatch,
  FaultsOrder,
} from './config.ts'
import { type Ordeal, ordeal } from './fault-injector.ts'
import { agenda } from './timer-queue.ts'

/** The mock backends' process: one process, many listeners. See src/backend/config.ts for what it is asked. */
let backends: readonly Backend[] = []
let underWay: Ordeal | undefined
const diary = agenda()

function stop(): void {
  for (const backend of backends) backend.stop()
  backends = []
}

answerParent({
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
  befall(order: FaultsOrder): void {
    underWay = ordeal(order, { backends, agenda: diary })
  },
  watched: (): Promise<BackendsWatch> | undefined => underWay?.watched(),
  async stop(): Promise<void> {
    stop()
    await diary.close()
  },
})
