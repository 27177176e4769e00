import { z } from 'zod'
import type { Named } from '../kit/named.ts'
import { type FaultStep, faultStep } from './faults/fault-steps.ts'
import { faultsMistake } from './faults/faults-mistake.ts'
import {
  field,
  fields,
  fraction,
  integer,
  nameAmong,
  perSecond,
  seconds,
  serviceTimeText,
  several,
  share,
} from './fields.ts'
import type { BackendPlan, Phase, Plan, RequestPlan } from './plan.ts'

/** What can be named: algorithms, and targets with the algorithms that each has. */
export interface Registry {
  readonly algorithms: readonly Named[]
  readonly targets: readonly (Named & { readonly algorithms: readonly string[] })[]
  /** The targets that `all` means; every one of them unless told. */
  readonly allTargets?: readonly string[]
  /** The target that is no balancer, and so the control of every experiment. */
  readonly control: string
}

const backendGroup = fields({
  count: integer(1).default(1).describe('Number of backends of this kind.'),
  weight: integer(0)
    .default(1)
    .describe(
      'Share of the requests relative to the other backends, for algorithms that use weights.',
    ),
  serviceTime: serviceTimeText
    .default({ kind: 'none' })
    .describe('Time that it works on a request.'),
  responseBytes: integer(0).default(128).describe('Bytes of the body of a response.'),
  concurrency: integer(0)
    .default(0)
    .describe('Requests that it works on at once, others wait; 0: no limit.'),
  errorRate: fraction
    .default(0)
    .describe('Fraction of the requests with a response of status 500.'),
})

const request = fields({
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT'], 'give GET, HEAD, POST or PUT')
    .default('GET')
    .describe('Method of every request.'),
  path: z
    .string('give a path such as /')
    .startsWith('/', 'give a path such as /')
    .default('/')
    .describe('Path of every request.'),
  bodyBytes: integer(0).default(0).describe('Bytes of the body of a request.'),
})

/** `1s`: that long, and at most twice as long while throughput is not steady. Or both edges. */
const warmup = z.union(
  [
    seconds('from 0').transform((least) => ({ least, most: 2 * least })),
    fields({ least: seconds('from 0'), most: seconds('from 0') }).refine(
      ({ least, most }) => least <= most,
      'give a most that is not below least',
    ),
  ],
  'give a duration such as 1s, or { least: 1s, most: 5s }',
)

const question = field(
  (value) => (typeof value === 'string' && /^\S.*$/.test(value) ? value : undefined),
  'give the question of the scenario in one line',
)

/** As much of a scenario as a list of them needs. */
export const headSchema = z.looseObject({ question }, 'the fields begin with question')

/** A question, as a file asks it: what to compare, against which backends, under which load. */
export function scenarioSchema(registry: Registry) {
  const algorithms = nameAmong(registry.algorithms)
  const targets = nameAmong(registry.targets)
  return fields({
    question: question.describe('What the scenario asks, in one line.'),
    algorithms: several(algorithms, 'name at least one algorithm')
      .default(['all'])
      .describe('Algorithms to compare, by name or alias, or `all`.'),
    targets: several(targets, 'name at least one target')
      .default(['reference'])
      .describe('Targets to compare, by name, or `all`.'),
    cores: several(integer(1), 'give at least one number of cores')
      .default([1])
      .describe('Numbers of cores (workers) of the target.'),
    connections: integer(1)
      .default(40)
      .describe('Connections of the closed loop; maximum requests in flight of the open loop.'),
    warmup: warmup
      .default({ least: 1, most: 2 })
      .describe(
        'Load before the window: at least the minimum, up to the maximum while throughput is not steady. A single duration is the minimum, and twice that the maximum.',
      ),
    duration: seconds('above 0').default(5).describe('Measured time of each trial.'),
    trials: integer(1)
      .default(3)
      .describe('Blocks, each with one trial of every arm. A comparison can decide from 6 on.'),
    timeout: seconds('above 0')
      .default(10)
      .describe('Time after which a request without a complete response has failed.'),
    phase: z
      .enum(['capacity', 'latency', 'both'], 'give capacity, latency or both')
      .default('both')
      .describe('Phases to run: closed loop, open loop, or both.'),
    rate: perSecond
      .optional()
      .describe(
        "Arrivals per second of the latency phase. Without it: 60 % of the slowest arm's capacity.",
      ),
    spacing: z
      .enum(['constant', 'poisson'], 'give constant or poisson')
      .default('poisson')
      .describe('Gaps between arrivals of the latency phase.'),
    control: z
      .boolean('give true or false')
      .default(true)
      .describe('Whether the backends are also measured without a balancer.'),
    precision: share
      .optional()
      .describe(
        'Half-width of the intervals at which a phase ends early. Without it: all trials run.',
      ),
    maxTime: seconds('above 0').optional().describe('Maximum time of the whole run.'),
    request: request
      .default({ method: 'GET', path: '/', bodyBytes: 0 })
      .describe('The request that the driver sends.'),
    backends: several(backendGroup, 'describe at least one backend')
      .refine((groups) => groups.some(({ weight }) => weight > 0), 'give one a weight above 0')
      .transform(eachBackend)
      .describe('The backends, in groups of equal ones.'),
    faults: several(faultStep, 'name at least one fault')
      .optional()
      .describe(
        'Faults during each window: see [faults](../guide/faults.md). They require `phase: latency`, a `rate` and `control: false`.',
      ),
  }).superRefine((scenario, context) => {
    const found = faultsMistake(scenario, registry.control)
    if (found !== undefined)
      context.addIssue({ code: 'custom', path: [...found.path], message: found.remedy })
  })
}

/** A question: what to compare, against which backends, under which load. Times in seconds. */
export interface Scenario {
  /** Name of the file, without its ending. */
  readonly name: string
  /** What it asks, in one line. */
  readonly question: string
  readonly algorithms: readonly string[]
  readonly targets: readonly string[]
  readonly cores: readonly number[]
  readonly connections: number
  readonly warmup: { readonly least: number; readonly most: number }
  readonly duration: number
  readonly trials: number
  readonly timeout: number
  /** Which questions: how much, how fast, or both. */
  readonly phase: Phase | 'both'
  readonly rate?: number | undefined
  readonly spacing: Plan['arrivals']['spacing']
  readonly control: boolean
  readonly precision?: number | undefined
  readonly maxTime?: number | undefined
  readonly request: RequestPlan
  readonly backends: readonly BackendPlan[]
  /** In order of time; with them the phase is `latency`, at a given rate. */
  readonly faults?: readonly FaultStep[] | undefined
}

function eachBackend(groups: readonly z.output<typeof backendGroup>[]): BackendPlan[] {
  return groups.flatMap(({ count, ...backend }) => Array.from({ length: count }, () => backend))
}
