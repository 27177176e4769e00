import { type Random, seeded } from '../../src/kit/random.ts'
import { percent } from '../../src/kit/units.ts'
import {
  beginSearch,
  type CapacitySearch,
  capacityRules,
  recordTrial,
} from '../../src/stats/trial/capacity-search.ts'
import { capacityOf, type QueueModel, trialOf } from './queue.ts'

const models: readonly QueueModel[] = [
  { servers: 1, limit: 0.01 },
  { servers: 1, limit: 0.02 },
  { servers: 2, limit: 0.05 },
  { servers: 4, limit: 0.02 },
]

/** Windows of `lb capacity`, in seconds: its default, and those that refine an estimate. */
const [warmup, duration, refining] = [1, 2, 10]

/** How often the interval of `lb capacity` holds the capacity of a simulated queue: a row for each queue. */
export function searchRows(searches: number, seed: number): string[][] {
  return models.map((model, i) => {
    const random = seeded(seed + i)
    const truth = capacityOf(model)
    const found = Array.from({ length: Math.ceil(searches / models.length) }, () =>
      intervalOf(search(model, random)),
    )
    const share = (is: (one: Interval) => boolean) =>
      percent(found.filter((one) => one !== undefined && is(one)).length / found.length)
    return [
      `M/M/${model.servers}, p99 below ${model.limit * 1000} ms: ${Math.round(truth)} req/s`,
      `${found.length}`,
      share(({ low, high }) => low <= truth && truth <= high),
      share(({ low }) => low > truth),
      share(({ high }) => high < truth),
      percent(found.filter((one) => one === undefined).length / found.length),
      `± ${percent(middle(found.flatMap((one) => (one ? [Math.sqrt(one.high / one.low) - 1] : []))))}`,
    ]
  })
}

interface Interval {
  readonly low: number
  readonly high: number
}

function search(model: QueueModel, random: Random): CapacitySearch {
  let found = beginSearch({
    ...capacityRules,
    start: 500,
    minRate: 12,
    maxRate: 70_000,
    allowed: [0.01],
  })
  while (found.next.do === 'measure') {
    const { rate, why } = found.next
    const window = Math.max(why === 'refine' ? refining : duration, 1000 / rate)
    const { requests, share } = trialOf(model, { rate, warmup, duration: window, random })
    const outcome = share < 0.01 ? 'met' : 'missed'
    found = recordTrial(found, { outcome, requests, shares: [share] })
  }
  return found
}

/** The estimate, or the bracket of a step; undefined where the search ended without either. */
function intervalOf({ estimate, low, high, next }: CapacitySearch): Interval | undefined {
  if (estimate !== undefined) return estimate
  const isStep = next.do === 'end' && next.reason === 'goal width'
  return isStep && low !== undefined && high !== undefined ? { low, high } : undefined
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
