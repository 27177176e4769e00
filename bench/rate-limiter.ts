import { once } from 'node:events'
import { availableParallelism, cpus } from 'node:os'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { rateLimiterMemory } from '../src/balancer/limits/rate-limiter.ts'
import { seeded, shuffled } from '../src/kit/random.ts'
import type { Task, Work } from './rate-limiter-worker.ts'

// npm run bench:rate-limiter: the effect of sharding the rate limiter. Workers do nothing but take
// tokens, which is the worst case for a lock. Every round runs each case once, in random
// order; stints are so short (1.5 ms) that even on a busy machine most run undisturbed.
const rounds = 8
const stints = 400
const takes = 10_000
const random = seeded(1)
const cases = [1, 2].flatMap((workers) =>
  [1, 64].map((shards) => ({
    workers,
    shards,
    rates: [] as number[],
    costs: [] as number[],
    bytes: [] as number[],
    gaveUp: [] as number[],
  })),
)

for (let round = 0; round < rounds; round++) {
  for (const index of shuffled(cases.length, random)) {
    const { workers, shards, rates, costs, bytes, gaveUp } = cases[index] as (typeof cases)[number]
    const done = await run(workers, shards)
    for (let stint = 0; stint < stints; stint++) {
      const from = Math.min(...done.map(({ started }) => started[stint] ?? Number.NaN))
      const to = Math.max(...done.map(({ ended }) => ended[stint] ?? Number.NaN))
      rates.push((workers * takes) / (to - from))
    }
    costs.push(...done.map(({ busy }) => (busy / stints / takes) * 1e9))
    gaveUp.push(...done.map((work) => work.gaveUp))
    bytes.push(...done.map(({ allocatedBytes }) => allocatedBytes))
  }
}

const lines = cases.map(({ workers, shards, rates, costs, bytes, gaveUp }) => {
  const [middle, best] = [quantile(rates, 0.5), quantile(rates, 0.9)].map((r) =>
    (r / 1e6).toFixed(1),
  )
  const [cost, memory] = [quantile(costs, 0.5).toFixed(0), quantile(bytes, 0.5).toFixed(1)]
  const lost = gaveUp.reduce((sum, count) => sum + count, 0)
  return `| ${workers} | ${shards} | ${middle} | ${best} | ${cost} | ${memory} | ${lost} |`
})
const host = `${cpus()[0]?.model.trim()}, ${availableParallelism()} CPUs, Node ${process.version}`
process.stdout.write(
  `${[
    `${host}; ${rounds * stints} stints per case of ${takes} takes per worker, ${rounds} starts, 10,000 keys.`,
    '',
    '| workers | shards | M takes/s, median | best tenth | CPU-ns per take | B per take | gave up |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n')}\n`,
)

async function run(workers: number, shards: number): Promise<Work[]> {
  const memory = rateLimiterMemory({ shards, random })
  const gate = new SharedArrayBuffer(4)
  return Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const task: Task = { memory, worker, workers, gate, stints, takes }
      const thread = new Worker(new URL('./rate-limiter-worker.ts', import.meta.url), {
        workerData: task,
      })
      const [[work]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')])
      return work as Work
    }),
  )
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
}
