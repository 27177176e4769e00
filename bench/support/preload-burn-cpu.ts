import type { Algorithm } from '../../src/algorithms/algorithm.ts'
import { burnCpu } from './burn-cpu.ts'

/*
 * Preloaded into every process of lb (see burn-env.ts), to show that a gate can fail: each algorithm of the built
 * balancer wastes LB_BURN_SECONDS of CPU on each request. Each is also there under `<name>-as-shipped` without that,
 * for the other side of an A/B run.
 */
const seconds = Number(process.env.LB_BURN_SECONDS ?? 0)
const built = new URL('../../dist/src/algorithms/index.js', import.meta.url)
const { algorithms } = (await import(built.href)) as { algorithms: Algorithm[] }

for (const algorithm of [...algorithms]) {
  const { name, picker } = algorithm
  algorithms.push({ ...algorithm, name: `${name}-as-shipped`, aliases: [] })
  const burning: Algorithm['picker'] = (table, options) => burnCpu(picker(table, options), seconds)
  Object.assign(algorithm, { picker: burning })
}
