import { grouped, percent, quantity, rounded, scaled, scaleFor } from '../../../src/kit/units.ts'
import {
  type AlgorithmResult,
  failureKinds,
  type Ranking,
  type SimulationDocument,
  simulatedMetrics,
} from '../../../src/result/simulation.ts'
import type { TextTable } from '../../layout/text-table.ts'

/** First line of every report: nothing was measured. */
export const simulatedMark = 'SIMULATED: no process was started, and nothing was measured.'

/** The answer in sentences: the best algorithm by p99, and which are as good. */
export function simulationAnswer({ rankings, result }: SimulationDocument): string[] {
  const [ranking] = rankings
  if (ranking === undefined) return ['No algorithm has a time: no request succeeded.']
  const all = result?.algorithms.length ?? 0
  if (all === 1) return [`Only ${ranking.best} was simulated: there is nothing to compare it with.`]
  if (ranking.asGood.length === all) {
    return [
      `No algorithm is shown to be worse than ${ranking.best} by ${ranking.metric}: any will do.`,
    ]
  }
  return [
    `Lowest ${ranking.metric}: ${ranking.best}.`,
    ...asGoodSentence(ranking),
    ...worstSentence(ranking),
  ]
}

function asGoodSentence({ asGood, metric }: Ranking): string[] {
  const rest = asGood.slice(1)
  return rest.length === 0
    ? ['All others are worse.']
    : [`Not shown to be worse by ${metric}: ${rest.join(', ')}.`]
}

function worstSentence({ others, metric, best }: Ranking): string[] {
  const last = others.at(-1)
  const ratio = last?.comparison?.ratio.center
  if (last === undefined || ratio === undefined) return []
  return [`The ${metric} of ${last.name} is ${rounded(ratio)} times that of ${best}.`]
}

/** How far to trust it, in lines. */
export function simulationTrust(document: SimulationDocument): string[] {
  const { result, validation, seed, replications, requests } = document
  const unsteady = result?.algorithms.filter(({ isSteady }) => !isSteady) ?? []
  return [
    `${validation}: no real run was held against it.`,
    `${replications} replications of ${grouped(requests)} requests, each the same for all algorithms; seed ${seed}.`,
    ...(replications < 6 ? ['Comparisons need 6 replications or more to decide.'] : []),
    ...(unsteady.length === 0
      ? []
      : [
          `Not steady after half of the requests: ${unsteady.map(({ name }) => name).join(', ')}. Use more --requests.`,
        ]),
    ...failureLines(result?.algorithms ?? []),
    ...cacheLines(result?.algorithms ?? []),
  ]
}

function failureLines(algorithms: readonly AlgorithmResult[]): string[] {
  return algorithms.flatMap(({ name, failures }) => {
    const found = failureKinds.filter((kind) => failures[kind] > 0)
    if (found.length === 0) return []
    return [
      `${name} failed: ${found.map((kind) => `${percent(failures[kind])} ${failureWords[kind]}`).join(', ')}.`,
    ]
  })
}

function cacheLines(algorithms: readonly AlgorithmResult[]): string[] {
  const cached = algorithms.filter(({ hits }) => hits !== undefined)
  if (cached.length === 0) return []
  return [
    `Keys found in a cache: ${cached.map(({ name, hits = 0 }) => `${name} ${percent(hits)}`).join(', ')}.`,
  ]
}

const failureWords = {
  refused: 'refused by a backend',
  full: 'refused by a full queue',
  error: 'with status 500',
  timeout: 'timed out',
  unavailable: 'without an eligible backend',
} as const

/** A row for each algorithm, the best first. */
export function simulationTable({ result, rankings }: SimulationDocument): TextTable {
  const order = orderOf(rankings[0])
  const algorithms = (result?.algorithms ?? []).toSorted(
    (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
  )
  const scale = scaleFor(
    's',
    algorithms.flatMap(({ metrics }) => metrics?.mean.center ?? []),
  )
  return {
    title: 'Time from arrival to response, simulated',
    head: [
      'algorithm',
      ...simulatedMetrics.flatMap((metric) => [`${metric} (${scale.unit})`, '±']),
      'p99 × best',
      'largest share',
      'in system',
    ],
    rows: algorithms.map((one) => [
      one.name,
      ...simulatedMetrics.flatMap((metric) => {
        const summary = one.metrics?.[metric]
        if (summary === undefined) return ['–', '–']
        const half = (summary.high - summary.low) / 2
        return [scaled(summary.center, scale), percent(half / summary.center)]
      }),
      ratioText(rankings[0], one.name),
      percent(Math.max(...one.shares)),
      rounded(one.inSystem),
    ]),
    notes: [
      '±: half of the 95 % interval over the replications, relative to the figure.',
      '× best: ratio of the p99 to the lowest, in pairs of replications with the same requests; = not shown to be worse.',
    ],
    dropOrder: [
      ['in system'],
      ['in system', 'largest share'],
      ['in system', 'largest share', 'p99.9'],
    ],
  }
}

function orderOf(ranking: Ranking | undefined): string[] {
  return ranking === undefined ? [] : [ranking.best, ...ranking.others.map(({ name }) => name)]
}

function ratioText(ranking: Ranking | undefined, name: string): string {
  if (ranking === undefined) return '–'
  if (name === ranking.best) return 'best'
  const found = ranking.others.find((one) => one.name === name)?.comparison
  if (found === undefined) return '–'
  return `${ranking.asGood.includes(name) ? '= ' : ''}${rounded(found.ratio.center)}`
}

/** The map as a grid: a row for each heterogeneity, a column for each load, a letter for each algorithm. */
export function mapTable({ map }: SimulationDocument): TextTable | undefined {
  if (map === undefined) return undefined
  const { algorithms, loads, heterogeneities, cells, metric } = map
  const shown = algorithms.filter((name) => cells.some(({ best }) => best === name))
  const letterOf = (name: string) => String.fromCharCode(65 + shown.indexOf(name))
  return {
    title: `Lowest ${metric} by load and heterogeneity, simulated`,
    head: ['slowest backend', ...loads.map((load) => `load ${percent(load)}`)],
    rows: heterogeneities.map((heterogeneity) => [
      heterogeneity === 1 ? 'all equal' : `${rounded(heterogeneity)} × slower`,
      ...loads.map((load) => {
        const cell = cells.find((one) => one.load === load && one.heterogeneity === heterogeneity)
        if (cell === undefined) return '–'
        const { best, asGood, isNoDifference, values } = cell
        const others = asGood.length > 1 ? ` +${asGood.length - 1}` : ''
        const name = isNoDifference ? '=' : `${letterOf(best)}${others}`
        return `${name}  ${quantity(values[best] ?? 0, 's')}`
      }),
    ]),
    notes: [
      ...shown.map((name) => `${letterOf(name)}: ${name}`),
      '=: no difference, no algorithm is shown to be worse than the best. +N: so many others are not shown to be worse.',
    ],
  }
}
