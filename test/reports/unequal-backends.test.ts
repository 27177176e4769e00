import { expect, test } from 'vitest'
import { table } from '../../reports/formats/table.ts'
import { analysed } from '../../src/experiment/run/analysed.ts'
import { planFor } from '../../src/experiment/run/plan-for.ts'
import { type Random, seeded } from '../../src/kit/random.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { measurement } from '../support/results/measurements.ts'

/** A backend as it processes requests: when each of its places is free, and when its requests depart. */
interface Simulated {
  readonly freeAt: number[]
  readonly departures: number[]
}

/** Picks a backend for the request of this number, by the requests in flight at each. */
type Pick = (request: number, inFlight: readonly number[]) => number

const smooth = [0, 1, 0, 1, 2, 0, 1, 0, 1]
const picks: Readonly<Record<string, Pick>> = {
  'round-robin ×1': (request) => request % 3,
  'weighted ×1': (request) => smooth[request % smooth.length] as number,
  'least-connections ×1': (_, inFlight) => inFlight.indexOf(Math.min(...inFlight)),
}

/** Latencies in microseconds of Poisson arrivals of `rate` per second, over some seconds. */
function latencies(
  pick: Pick,
  {
    backends,
    rate,
    seconds,
    random,
  }: { backends: readonly BackendPlan[]; rate: number; seconds: number; random: Random },
): number[] {
  const simulated = backends.map(
    ({ concurrency }): Simulated => ({ freeAt: Array(concurrency).fill(0), departures: [] }),
  )
  const exponential = (mean: number) => -mean * Math.log(1 - random())
  const found: number[] = []
  let now = 0
  for (let request = 0; ; request++) {
    now += exponential(1 / rate)
    if (now > seconds) return found
    const inFlight = simulated.map(({ departures }) => departures.filter((at) => at > now).length)
    const chosen = pick(request, inFlight)
    const { freeAt, departures } = simulated[chosen] as Simulated
    const { serviceTime } = backends[chosen] as BackendPlan
    const place = freeAt.indexOf(Math.min(...freeAt))
    const start = Math.max(now, freeAt[place] as number)
    const end = start + exponential('mean' in serviceTime ? serviceTime.mean : 0)
    freeAt[place] = end
    departures.push(end)
    found.push(Math.round((end - now) * 1e6))
  }
}

test('unequal-backends: the first sentence says that round robin does not cope, with figures', async () => {
  const plan = await planFor({
    scenario: 'unequal-backends',
    seed: 1,
    overrides: { phase: 'latency' },
  })
  const { backends, duration, arrivals } = plan
  const rate = arrivals.rate as number
  const trials = plan.trials.map(({ arm, block }) => {
    const random = seeded(100 * block + Object.keys(picks).indexOf(arm))
    const found = latencies(picks[arm] as Pick, { backends, rate, seconds: duration, random })
    return measurement({
      ...{ arm, block, phase: 'latency', ok: found.length, latencies: found },
      also: { windowSeconds: duration, rate },
    })
  })
  const document = analysed(
    { ...exampleResult(), plan, warnings: [] },
    {
      ...{ trials, witnessed: [] },
      phaseEndings: [{ phase: 'latency', blocks: plan.blocks, endedBy: 'plan', rate }],
    },
    { cpus: 2, noise: undefined, isComplete: true },
  )
  const [, answer = ''] = table
    .render(document, { width: 80, colour: false, unicode: true })
    .split('\n\n')
  expect(answer.replaceAll('\n', ' ')).toMatch(
    /^Round-robin does not cope: p99 \d[\d.]* ms, against \d[\d.]* ms to \d[\d.]* ms of the others\./,
  )
})
