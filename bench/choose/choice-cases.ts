import type { Algorithm } from '../../src/algorithms/algorithm.ts'
import { algorithms } from '../../src/algorithms/index.ts'
import { seeded } from '../../src/kit/random.ts'
import type { ChoiceDocument } from '../../src/result/choice.ts'

/** Traffic and backends for which the best algorithm is known. */
export interface ChoiceCase {
  readonly name: string
  /** YAML of the backends. */
  readonly backends: string
  /** Requests per second, and the fraction of them that one client sends. */
  readonly rate: number
  readonly largestShare: number
  /** The known answer in words, and whether a choice is that. */
  readonly truth: string
  isRight(choice: ChoiceDocument): boolean
}

/** Whether the best algorithm has an input of these, and none of the others is as good. */
function isBestWith(inputs: readonly string[], { ranking }: ChoiceDocument): boolean {
  const has = (name: string) => infoOf(name).inputs.some((one) => inputs.includes(one))
  return ranking !== undefined && has(ranking.best) && ranking.asGood.every(has)
}

function isAnyGood({ ranking, result }: ChoiceDocument): boolean {
  return ranking?.asGood.length === result.algorithms.length
}

function infoOf(name: string): Algorithm {
  return algorithms.find((one) => one.name === name) as Algorithm
}

/** One slow node, skewed keys, all equal. */
export const choiceCases: readonly ChoiceCase[] = [
  {
    name: 'one slow node',
    backends: [
      '  - { count: 3, serviceTime: exponential 8ms, concurrency: 2 }',
      '  - { count: 1, serviceTime: exponential 32ms, concurrency: 2 }',
    ].join('\n'),
    rate: 220,
    largestShare: 0,
    truth: 'an algorithm that counts requests in flight, or times them',
    isRight: (choice) => isBestWith(['in flight', 'latency'], choice),
  },
  {
    name: 'skewed keys',
    backends: '  - { count: 4, serviceTime: exponential 8ms, concurrency: 1 }',
    rate: 250,
    largestShare: 0.6,
    truth: 'none that picks by the key alone',
    isRight: ({ ranking }) =>
      ranking?.asGood.every((name) => {
        const { inputs } = infoOf(name)
        return !inputs.includes('key') || inputs.includes('in flight')
      }) ?? false,
  },
  {
    name: 'all equal',
    backends: '  - { count: 4, serviceTime: exponential 8ms, concurrency: 100 }',
    rate: 250,
    largestShare: 0,
    truth: 'any will do',
    isRight: isAnyGood,
  },
]

/** The scenario of a case. */
export function scenarioText({ name, backends }: ChoiceCase): string {
  return [`question: Which algorithm for ${name}?`, 'backends:', backends, ''].join('\n')
}

/** So many Poisson arrivals of some 200 clients, as lines of an access log. */
export function logText(
  { rate, largestShare }: Pick<ChoiceCase, 'rate' | 'largestShare'>,
  requests: number,
  seed: number,
): string {
  const random = seeded(seed)
  let seconds = 0
  return Array.from({ length: requests }, () => {
    seconds -= Math.log(1 - random()) / rate
    const client = random() < largestShare ? 1 : 2 + Math.floor(random() * 200)
    const time = new Date(Date.UTC(2026, 9, 10) + seconds * 1000).toISOString()
    return `{"start_time":"${time}","duration":0,"downstream_remote_address":"10.0.${client}.7:5000"}\n`
  }).join('')
}
