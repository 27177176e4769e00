import type { Algorithm } from '../../src/algorithms/algorithm.ts'
import { roundsFor, withPlantedWork } from './planted-work.ts'

/*
 * Preloaded into every process of lb by bench/profile-diff.ts: the built balancer has each algorithm a second time, under
 * `<name>-planted`, with LB_PLANTED_MICROS of work at each pick, in a function of its own.
 */
const micros = Number(process.env.LB_PLANTED_MICROS ?? 0)
const built = new URL('../../dist/src/algorithms/index.js', import.meta.url)
const { algorithms } = (await import(built.href)) as { algorithms: Algorithm[] }
let rounds: number | undefined

for (const algorithm of [...algorithms]) {
  const planted: Algorithm['picker'] = (table, options) => {
    rounds ??= roundsFor(micros)
    return withPlantedWork(algorithm.picker(table, options), rounds)
  }
  algorithms.push({ ...algorithm, name: `${algorithm.name}-planted`, aliases: [], picker: planted })
}
