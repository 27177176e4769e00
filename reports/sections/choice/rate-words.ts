import { plural } from '../../../src/kit/plural.ts'
import { grouped, rounded } from '../../../src/kit/units.ts'
import type { AlgorithmRate, ChoiceDocument, ObjectiveRates } from '../../../src/result/choice.ts'

/** Up to which rate the best algorithm and the one in use meet the objective, in sentences; none without an objective. */
export function rateSentences({ rates, ranking, inUse, objective }: ChoiceDocument): string[] {
  if (rates === undefined || objective === undefined) return []
  const shown = [...new Set([ranking?.best, inUse])]
  return shown.flatMap((name) => {
    const found = rates.algorithms.find((one) => one.name === name)
    return found === undefined ? [] : [`${found.name} ${rateWords(found, objective, rates)}.`]
  })
}

function rateWords(
  { kind, rate }: AlgorithmRate,
  objective: string,
  { highest, lowest }: ObjectiveRates,
): string {
  switch (kind) {
    case 'holds':
      return `meets ${objective} up to ${rounded(highest)} req/s, the highest rate tried`
    case 'misses':
      return `misses ${objective} from ${rounded(lowest)} req/s on, the lowest rate tried`
    case 'found': {
      const { center = 0, low = 0, high = 0 } = rate ?? {}
      return `misses ${objective} above ${rounded(center)} req/s (${rounded(low)} to ${rounded(high)})`
    }
  }
}

/** The rate of one algorithm for a table: `620`, `> 800`, `< 12`. */
export function rateText({ algorithms, lowest, highest }: ObjectiveRates, name: string): string {
  const found = algorithms.find((one) => one.name === name)
  switch (found?.kind) {
    case 'found':
      return rounded(found.rate?.center ?? 0)
    case 'holds':
      return `> ${rounded(highest)}`
    case 'misses':
      return `< ${rounded(lowest)}`
    case undefined:
      return '–'
  }
}

/** How the rates were found, in lines; none without them. */
export function rateLines({ rates, objective, log }: ChoiceDocument): string[] {
  if (rates === undefined) return []
  const load = log === undefined ? 'the same arrivals' : 'the log'
  return [
    `Rates up to which ${objective} is met: ${load} at other rates, from ${rounded(rates.lowest)} to ${rounded(rates.highest)} req/s, in ${rates.replications} replications of ${grouped(rates.requests)} requests; ${plural(rates.algorithms.length, 'algorithm')} searched`,
  ]
}
