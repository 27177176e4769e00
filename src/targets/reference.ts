import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { algorithms } from '../algorithms/index.ts'
import type { BalancerConfig } from '../balancer/config/config.ts'
import { entry } from '../kit/module-path.ts'
import { sameForAll } from './same-for-all.ts'
import type { Start, Target, TargetOrder } from './target.ts'

/** Our own balancer, through the same door as all others: named by its file, never imported. */
export const reference: Target = {
  name: 'reference',
  summary: 'the balancer of lb itself, one worker thread a core',
  algorithms: Object.fromEntries(algorithms.map(({ name }) => [name, name])),

  unavailable: async () => undefined,
  version: async () => 'built in',

  configuration: (order) => JSON.stringify(configFor(order), undefined, 2),

  async prepare(order) {
    const { build, config } = order.arm.variant ?? {}
    const start: Start =
      build === undefined
        ? {
            by: 'answers',
            module: entry('../balancer/main', import.meta.url),
            config: configFor(order),
          }
        : await preparedBy(build, order)
    if (start.by !== 'answers' || config === undefined) return start
    return { ...start, config: { ...(start.config as BalancerConfig), ...config } }
  },
}

/** Another build's reference balancer, configured in its own way: it may know other fields than ours. */
async function preparedBy(build: string, order: TargetOrder): Promise<Start> {
  const file = join(build, 'dist/src/targets/reference.js')
  const { reference: theirs } = (await import(pathToFileURL(file).href)) as { reference: Target }
  const { variant, ...arm } = order.arm
  return theirs.prepare({ ...order, arm })
}

function configFor({ arm, backends, seed }: TargetOrder): BalancerConfig {
  const { address, connect, idle, keepAlive, poolSeconds, tries } = sameForAll
  return {
    algorithm: arm.algorithm,
    host: address,
    port: 0,
    workers: arm.cores,
    backends: backends.map(({ url, weight }) => ({ url: url.origin, weight })),
    seed,
    timeouts: { connect, firstByte: idle, idle, keepAlive, pool: poolSeconds },
    retries: { tries },
    // No other target adds one.
    via: '',
  }
}
