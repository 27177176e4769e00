import type { Algorithm } from '../../src/algorithms/algorithm.ts'
import { withPlantedWork } from './planted-work.ts'

/*
 * Preloaded into every process of lb by bench/profile-diff.ts: the built balancer has each algorithm a second time, under
 * `<name>-planted`, with LB_PLANTED_ROUNDS of work at each pick, in a function of its own.
 */
const rounds = Number(process.env.LB_PLANTED_ROUNDS ?? 0)
const built = new URL('../../dist/src/algorithms/index.js', import.meta.url)
const { algorithms } = (await import(built.href)) as { algorithms: Algorithm[] }

for (const algorithm of [...algorithms]) {
  const planted: Algorithm['picker'] = (table, options) =>
    withPlantedWork(algorithm.picker(table, options), rounds)
  algorithms.push({ ...algorithm, name: `${algorithm.name}-planted`, aliases: [], picker: planted })
}
