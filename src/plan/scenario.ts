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
  /** How many of this kind. */
  count: integer(1).default(1),
  weight: integer(0).default(1),
  serviceTime: serviceTimeText.default({ kind: 'none' }),
  responseBytes: integer(0).default(128),
  /** Requests it works on at once; 0: no limit. */
  concurrency: integer(0).default(0),
  errorRate: fraction.default(0),
})

const request = fields({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT'], 'give GET, HEAD, POST or PUT').default('GET'),
  path: z.string('give a path such as /').startsWith('/', 'give a path such as /').default('/'),
  bodyBytes: integer(0).default(0),
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
  'say in one line what the scenario asks',
)

/** As much of a scenario as a list of them needs. */
export const headSchema = z.looseObject({ question }, 'the fields begin with question')

/** A question, as a file asks it: what to compare, against which backends, under which load. */
export function scenarioSchema(registry: Registry) {
  const algorithms = nameAmong(registry.algorithms)
  const targets = nameAmong(registry.targets)
  return fields({
    question,
    algorithms: several(algorithms, 'name at least one algorithm').default(['all']),
    targets: several(targets, 'name at least one target').default(['reference']),
    cores: several(integer(1), 'give at least one number of cores').default([1]),
    connections: integer(1).default(40),
    warmup: warmup.default({ least: 1, most: 2 }),
    duration: seconds('above 0').default(5),
    /** Blocks, each with one trial of every arm. */
    trials: integer(1).default(3),
    timeout: seconds('above 0').default(10),
    phase: z
      .enum(['capacity', 'latency', 'both'], 'give capacity, latency or both')
      .default('both'),
    /** Arrivals per second of the latency phase; else 60 % of the slowest arm's capacity. */
    rate: perSecond.optional(),
    spacing: z.enum(['constant', 'poisson'], 'give constant or poisson').default('poisson'),
    /** Whether the backends are measured without a balancer too. */
    control: z.boolean('give true or false').default(true),
    /** Half-width of the intervals that ends a phase; without one all trials run. */
    precision: share.optional(),
    maxTime: seconds('above 0').optional(),
    request: request.default({ method: 'GET', path: '/', bodyBytes: 0 }),
    backends: several(backendGroup, 'describe at least one backend')
      .refine((groups) => groups.some(({ weight }) => weight > 0), 'give one a weight above 0')
      .transform(eachBackend),
    /** What to do to backends in the course of each window. */
    faults: several(faultStep, 'name at least one fault').optional(),
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
