import { readFileSync } from 'node:fs'
import { serveRequests } from '../kit/rpc.ts'
import type { BalancerReady, CheckedConfig } from './config/config.ts'
import { runBalancer } from './process/run-balancer.ts'
import { catchSignals } from './process/signals.ts'
import { type Balancer, startBalancer, startChecked } from './supervisor/balancer.ts'

/**
 * The reference balancer as a process. Its parent asks `start` with a BalancerConfig or a
 * CheckedConfig, `counts`, `pauses`, `steps`, `inForce` and `stop` (src/kit/rpc.ts); started by hand, it reads a configuration from the
 * JSON file that is its argument, which is how to profile it.
 */
let balancer: Balancer | undefined

async function start(config: CheckedConfig | object): Promise<BalancerReady> {
  balancer = await ('checked' in config ? startChecked(config.checked) : startBalancer(config))
  return { port: balancer.port }
}

async function reload(running: Balancer, read: () => unknown): Promise<void> {
  try {
    await running.reload(read)
  } catch (error) {
    process.stderr.write(`configuration not changed: ${(error as Error).message}\n`)
  }
}

const [, , file] = process.argv
if (file === undefined) {
  serveRequests({
    start,
    counts: () => balancer?.counts(),
    pauses: () => balancer?.pauses(),
    steps: () => balancer?.steps(),
    inForce: () => balancer?.inForce(),
    stop: () => balancer?.stop(),
  })
} else {
  const read = (): unknown => JSON.parse(readFileSync(file, 'utf8'))
  using signals = catchSignals()
  await runBalancer({
    signals,
    start: async (host) => startBalancer(read(), { host }),
    ready: ({ port }) => process.stdout.write(`listening on port ${port}\n`),
    reload: (running) => void reload(running, read),
  })
}
