import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { algorithms } from '../algorithms/index.ts'
import type { BalancerConfig } from '../balancer/config/config.ts'
import { modulePath } from '../kit/module-path.ts'
import { sameForAll } from './same-for-all.ts'
import type { Start, Target, TargetOptions } from './target.ts'

/** Our own balancer, through the same door as all others: named by its file, never imported. */
export const reference: Target = {
  name: 'reference',
  summary: 'the balancer of lb itself, one worker thread a core',
  algorithms: Object.fromEntries(algorithms.map(({ name }) => [name, name])),

  unavailable: async () => undefined,
  version: async () => 'built in',

  configuration: (options) => JSON.stringify(configFor(options), undefined, 2),

  async prepare(options) {
    const { build, config } = options.arm.variant ?? {}
    const start: Start =
      build === undefined
        ? {
            by: 'answers',
            module: modulePath('../balancer/main', import.meta.url),
            config: configFor(options),
          }
        : await preparedBy(build, options)
    if (start.by !== 'answers' || config === undefined) return start
    return { ...start, config: { ...(start.config as BalancerConfig), ...config } }
  },
}

/** Another build's reference balancer, configured in its own way: it may know other fields than ours. */
async function preparedBy(build: string, options: TargetOptions): Promise<Start> {
  const file = join(build, 'dist/src/targets/reference.js')
  const { reference: theirs } = (await import(pathToFileURL(file).href)) as { reference: Target }
  const { variant, ...arm } = options.arm
  return theirs.prepare({ ...options, arm })
}

function configFor({ arm, backends, seed }: TargetOptions): BalancerConfig {
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
