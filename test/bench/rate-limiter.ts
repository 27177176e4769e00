import { once } from 'node:events'
import { availableParallelism, cpus } from 'node:os'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { rateLimiterMemory } from '../../src/balancer/limits/rate-limiter.ts'
import { seeded, shuffled } from '../../src/kit/random.ts'
import type { Stint } from './rate-limiter-worker.ts'

// What sharding the rate limiter is worth: `npm run bench:rate-limiter`. Workers do nothing but take
// tokens, which is the worst that can happen to a lock. Every round runs each case once, in random order.
const rounds = 15
const takes = 2_000_000
const random = seeded(1)
const cases = [1, 2].flatMap((workers) => [1, 64].map((shards) => ({ workers, shards })))

const results = cases.map(() => ({
  rates: [] as number[],
  costs: [] as number[],
  bytes: [] as number[],
}))
for (let round = 0; round < rounds; round++) {
  for (const index of shuffled(cases.length, random)) {
    const { workers, shards } = cases[index] as (typeof cases)[number]
    const stints = await run(workers, shards)
    const wall = Math.max(...stints.map((s) => s.ended)) - Math.min(...stints.map((s) => s.started))
    const busy = stints.reduce((sum, s) => sum + s.busy, 0) / workers
    results[index]?.rates.push((workers * takes) / wall)
    results[index]?.costs.push((busy / takes) * 1e9)
    results[index]?.bytes.push(...stints.map((s) => s.allocatedBytes / takes))
  }
}

const lines = cases.map(({ workers, shards }, index) => {
  const { rates = [], costs = [], bytes = [] } = results[index] ?? {}
  const [low, middle, high] = quartiles(rates).map((rate) => (rate / 1e6).toFixed(2))
  const cost = quartiles(costs)[1]?.toFixed(0)
  return `| ${workers} | ${shards} | ${middle} | ${low}–${high} | ${cost} | ${quartiles(bytes)[1]?.toFixed(2)} |`
})
const host = `${cpus()[0]?.model.trim()}, ${availableParallelism()} CPUs, Node ${process.version}`
process.stdout.write(
  `${[
    `${host}; medians of ${rounds} interleaved rounds of ${takes.toLocaleString('en')} takes a worker, 10,000 keys.`,
    '',
    '| workers | shards | M takes/s, all workers | quartiles | CPU-ns a take | bytes allocated a take |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')}\n`,
)

async function run(workers: number, shards: number): Promise<Stint[]> {
  const memory = rateLimiterMemory({ shards, random })
  const gate = new SharedArrayBuffer(4)
  new Int32Array(gate)[0] = workers
  return Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const thread = new Worker(new URL('./rate-limiter-worker.ts', import.meta.url), {
        workerData: { memory, worker, gate, takes },
      })
      const [[stint]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')])
      return stint as Stint
    }),
  )
}

function quartiles(values: readonly number[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
  return [at(0.25), at(0.5), at(0.75)]
}
