import { parseArgs } from 'node:util'
import { driveLoadFleet } from '../src/driver/fleet/drive-load-fleet.ts'
import { seeded, shuffled } from '../src/kit/random.ts'
import { placementHost } from '../src/lab/cores.ts'
import { type Check, checkOf } from '../src/plan/load/check.ts'
import type { LoadPlan, RequestStep } from '../src/plan/load/load-plan.ts'
import { meanInterval } from '../src/stats/estimates/student-interval.ts'
import { type Arm, connections, openLoopAt } from './drivers/arms.ts'
import { type Cost, measure } from './drivers/measure.ts'
import { mockBackend } from './drivers/servers.ts'
import { machine } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'

/*
 * npm run bench:journeys [-- --rounds 8 --rate 5000]: CPU per request of the steps of a journey beside the fixed request of
 * the open loop, each in a new process of the driver, in random order. Takes 3 minutes.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '5000' },
  },
})
const [rounds, rate] = [Number(values.rounds), Number(values.rate)]

const step = (url: string, rest: Partial<RequestStep> = {}): RequestStep => ({
  kind: 'request',
  name: 'step',
  method: 'GET',
  url,
  headers: {},
  checks: [],
  captures: {},
  ...rest,
})

/** A load of one step, at the rate of the fixed request. */
function journey(name: string, steps: readonly RequestStep[]): Arm {
  return {
    name,
    module: '../../dist/src/driver/main.js',
    async drive(driver, url, seconds) {
      const plan: LoadPlan = {
        stages: [{ name: 'hold', seconds, model: 'open', from: rate, to: rate }],
        spacing: 'poisson',
        journeys: [{ name: 'visit', weight: 1, steps }],
        data: {},
        thresholds: [],
      }
      const load = { plan, url, timeout: 5, connections, maxInFlight: 1000, seed: 1 }
      await driveLoadFleet([driver], { load, signal: new AbortController().signal })
      return undefined
    },
  }
}

const fixed = openLoopAt(rate)
const arms: readonly Arm[] = [
  fixed,
  journey('a fixed step', [step('/')]),
  journey('a step with a check', [step('/', { checks: [checkOf('status is 200') as Check] })]),
  journey('a step with a template', [step('/{{int 1 100}}')]),
]

const others = watchOtherPrograms()
const { cpus } = await placementHost()
await using server = await mockBackend(cpus.slice(0, 1))
const costs = new Map<string, Cost[]>(arms.map(({ name }) => [name, []]))
const dice = seeded(Date.now())
for (let round = 0; round < rounds; round++) {
  for (const i of shuffled(arms.length, dice)) {
    const arm = arms[i] as Arm
    costs.get(arm.name)?.push(await measure(arm, server, cpus.slice(-1)))
  }
  process.stderr.write(`round ${round + 1} of ${rounds}\n`)
}

const base = costs.get(fixed.name) ?? []
const rows = arms.map(({ name }) => {
  const own = (costs.get(name) ?? []).map(({ driver }) => driver)
  const { center } = meanInterval(own)
  const more = meanInterval(own.map((cost, round) => cost - (base[round]?.driver ?? 0)))
  const text = `${more.center.toFixed(1)} (${more.low.toFixed(1)} to ${more.high.toFixed(1)})`
  return `| ${name} | ${center.toFixed(1)} | ${name === fixed.name ? '–' : text} |`
})
process.stdout.write(`Made by \`npm run bench:journeys\` on ${machine()}: ${rounds} rounds at ${rate}/s. ${others()}

| request | CPU-µs | more than the fixed request, 95 % interval |
| --- | ---: | ---: |
${rows.join('\n')}
`)
