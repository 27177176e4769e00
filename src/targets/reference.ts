import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { algorithms } from '../algorithms/index.ts'
import type { BalancerConfig, CheckedConfig } from '../balancer/config/config.ts'
import { modulePath } from '../kit/module-path.ts'
import type { Turn } from '../plan/turn.ts'
import { sameForAll } from './same-for-all.ts'
import type { Start, Target, TargetOptions } from './target.ts'

/** The balancer of lb, started like every other target: by the path of its module, never imported. */
export const reference: Target = {
  name: 'reference',
  summary: 'the balancer of lb, one worker thread per core',
  algorithms: Object.fromEntries(algorithms.map(({ name }) => [name, name])),

  unavailable: async () => undefined,
  version: async () => 'built in',

  configuration: (options) => JSON.stringify(configuredFor(options), undefined, 2),

  async prepare(options) {
    const { build, config } = options.arm.variant ?? {}
    if (build === undefined) {
      const own = { ...configuredFor(options), ...config }
      return {
        by: 'answers',
        module: modulePath('../balancer/main', import.meta.url),
        config: options.unchecked ? own : await checkedHere(own),
      }
    }
    const start = await prepareIn(build, { ...options, unchecked: config !== undefined })
    if (start.by !== 'answers' || config === undefined) return start
    return { ...start, config: { ...(start.config as BalancerConfig), ...config } }
  },
}

/**
 * The configuration, checked in this process, which has the libraries for that: to load them takes half of the start of a
 * balancer.
 *
 * @throws {UsageError} it is invalid
 */
async function checkedHere(config: BalancerConfig): Promise<BalancerConfig | CheckedConfig> {
  const { checkConfig } = await import('../balancer/config/config.ts')
  const checked = checkConfig(config)
  return checked.tls === undefined ? { checked } : config
}

/** Prepares the reference balancer of another build with the code of that build, whose configuration may have other fields. */
async function prepareIn(build: string, options: TargetOptions): Promise<Start> {
  const file = join(build, 'dist/src/targets/reference.js')
  const { reference: target } = (await import(pathToFileURL(file).href)) as { reference: Target }
  const { variant, ...arm } = options.arm
  return target.prepare({ ...options, arm })
}

/** The configuration of an arm, with its knobs. */
function configuredFor(options: TargetOptions): BalancerConfig {
  const { turns = [] } = options.arm
  return turns.reduce<BalancerConfig>(
    (config, turn) => merged(config, withFolder(turn.config, options.folder)),
    configFor(options),
  )
}

/** `{scratch}` in the values of knobs stands for the folder of the target, as in the templates of other targets. */
function withFolder(config: Turn['config'], folder: string): object {
  return JSON.parse(JSON.stringify(config ?? {}), (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('{scratch}', folder) : value,
  ) as object
}

/** `base` with the fields of `over`; objects are merged field by field. */
function merged<Value>(base: Value, over: unknown): Value {
  const isObject = (value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(base) || !isObject(over)) return over as Value
  const fields = Object.entries(over as object).map(([name, value]) => {
    const before = (base as Record<string, unknown>)[name]
    return [name, before === undefined ? value : merged(before, value)] as const
  })
  return { ...base, ...Object.fromEntries(fields) }
}

function configFor(options: TargetOptions): BalancerConfig {
  const { arm, backends, seed, timesSteps, admin } = options
  const { connect, idle, keepAlive, poolSeconds, tries } = sameForAll
  const address = options.address ?? sameForAll.address
  const isHttp2 = arm.turns?.some(({ http2Backends }) => http2Backends === true)
  return {
    algorithm: arm.algorithm,
    host: address,
    port: 0,
    workers: arm.cores,
    backends: backends.map(({ url, weight }) => ({
      url: isHttp2 ? `h2c://${url.host}` : url.origin,
      weight,
    })),
    seed,
    timeouts: { connect, firstByte: idle, idle, keepAlive, pool: poolSeconds },
    retries: { tries },
    // No other target adds this field.
    via: '',
    observe: { pauses: true, ...(timesSteps && { steps: true }) },
    ...(admin && { admin: { host: address, ...admin, profiling: true } }),
  }
}
