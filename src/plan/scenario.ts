import { z } from 'zod'
import { bounds } from '../kit/bounds.ts'
import type { Named } from '../kit/named.ts'
import { type FaultStep, faultStep } from './faults/fault-steps.ts'
import { validateFaults } from './faults/validate-faults.ts'
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
import { dataField } from './load/data-files.ts'
import { journeysField } from './load/journeys.ts'
import { loadField } from './load/stages.ts'
import {
  type BackendPlan,
  type ClosedLoopDriver,
  closedLoopDriver,
  type ExternalDriver,
  externalDriver,
  type Phase,
  type Plan,
  type RequestPlan,
} from './plan.ts'
import { headerRemedy, isRequestPath, pathRemedy } from './request-fields.ts'
import { requestMethod } from './request-method.ts'

/** The names that a scenario can use: algorithms, and targets with the algorithms of each. */
export interface Registry {
  readonly algorithms: readonly Named[]
  readonly targets: readonly (Named & {
    readonly algorithms: readonly string[]
    /** For a target without algorithms: whether it can be given a number of workers. */
    readonly takesWorkers?: boolean | undefined
  })[]
  /** The targets that `all` stands for (default: every target). */
  readonly allTargets?: readonly string[]
  /** The target without a balancer: the control of every experiment. */
  readonly control: string
}

const backendGroup = fields({
  count: integer(1, bounds.backends).default(1).describe('Number of backends of this kind.'),
  weight: integer(0, bounds.weight)
    .default(1)
    .describe(
      'Share of the requests relative to the other backends, for algorithms that use weights.',
    ),
  serviceTime: serviceTimeText
    .default({ kind: 'none' })
    .describe('Time that it works on a request.'),
  responseBytes: integer(0, bounds.bodyBytes)
    .default(128)
    .describe('Bytes of the body of a response.'),
  concurrency: integer(0, bounds.concurrency)
    .default(0)
    .describe('Requests that it works on at once, others wait; 0: no limit.'),
  errorRate: fraction
    .default(0)
    .describe('Fraction of the requests with a response of status 500.'),
})

/** `3` is `{ count: 3 }`, as in the flag. */
const groupOrCount = z.preprocess(
  (value) => (typeof value === 'number' ? { count: value } : value),
  backendGroup,
)

const headerFields = z
  .record(z.string(), z.string('give text'), 'give header fields, such as { x-token: abc }')
  .superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers)) {
      const remedy = headerRemedy(name, value)
      if (remedy !== undefined) context.addIssue({ code: 'custom', path: [name], message: remedy })
    }
  })
  .meta({ accepts: 'header fields, such as { x-token: abc }' })

const request = fields({
  method: z
    .enum(requestMethod.options, `give one of ${requestMethod.options.join(', ')}`)
    .default('GET')
    .describe('Method of every request.'),
  path: field((value) => (isRequestPath(value) ? value : undefined), pathRemedy)
    .default('/')
    .describe('Path of every request, with its query. It is sent as it is.'),
  headers: headerFields
    .optional()
    .describe('Header fields of every request, by name, beside Host and Content-Length.'),
  body: z
    .string('give text')
    .optional()
    .describe('Text of the body of every request, in place of `bodyBytes`.'),
  bodyBytes: integer(0, bounds.bodyBytes).default(0).describe('Bytes of the body of a request.'),
})

/** `1s`: the minimum, and twice that the maximum while throughput is not steady. Or both, as a map. */
const warmup = z.union(
  [
    seconds('from 0').transform((min) => ({ least: min, most: 2 * min })),
    fields({ min: seconds('from 0'), max: seconds('from 0') })
      .transform(({ min, max }) => ({ least: min, most: max }))
      .refine(({ least, most }) => least <= most, 'max must not be less than min'),
  ],
  'give a duration such as 1s, or { min: 1s, max: 5s }',
)

const question = field(
  (value) => (typeof value === 'string' && /^\S.*$/.test(value) ? value : undefined),
  'give the question of the scenario in one line',
)

/** The part of a scenario that a list of scenarios shows. */
export const headSchema = z.looseObject({ question }, 'the fields begin with question')

/** The fields of a scenario file: the arms to compare, the backends and the load. */
export function scenarioFields(registry: Registry) {
  const algorithms = nameAmong(registry.algorithms)
  const targets = nameAmong(registry.targets)
  return {
    question: question.describe('Question that the scenario answers, in one line.'),
    algorithms: several(algorithms, 'name at least one algorithm')
      .default(['all'])
      .describe('Algorithms to compare, by name or alias, or `all`.'),
    targets: several(targets, 'name at least one target')
      .default(['reference'])
      .describe('Targets to compare, by name, or `all`.'),
    cores: several(integer(1, bounds.cores), 'give at least one number of cores')
      .default([1])
      .describe('Numbers of cores (workers) of the target.'),
    connections: integer(1, bounds.connections)
      .default(40)
      .describe(
        'Closed loop: connections kept busy. Open loop: connections used in turn, no more than are opened in the warm-up; further ones are opened (up to 1,000) while all are busy.',
      ),
    drivers: integer(1, bounds.drivers)
      .optional()
      .describe(
        'Processes of the driver, which divide connections and arrivals among them. Without it: by the CPUs of the host and the cost of a request.',
      ),
    backendProcesses: integer(1, bounds.drivers)
      .optional()
      .describe(
        'Processes of the mock backends, which divide these among them. Without it: likewise.',
      ),
    warmup: warmup
      .prefault({ min: '1s', max: '2s' })
      .describe(
        'Load before the window: at least the minimum, up to the maximum while throughput is not steady. A single duration is the minimum, and twice that the maximum.',
      ),
    duration: seconds('above 0').default(5).describe('Measured time of each trial.'),
    trials: integer(1, bounds.trials)
      .default(3)
      .describe(
        'Blocks, each with one trial of every arm. A comparison can decide from 6 on. Flags that add algorithms or targets raise a number that can.',
      ),
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
        "Arrivals (requests, or visits) per second of the latency phase. Without it: 60 % of the slowest arm's capacity.",
      ),
    arrivals: z
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
    driver: closedLoopDriver
      .optional()
      .describe(
        'Load generator of the capacity phase: `autocannon`, `lean` (less CPU time per request), the programs `wrk` or `h2load`, or `auto`: autocannon, unless it would limit a target.',
      ),
    witness: externalDriver
      .optional()
      .describe(
        'Second load generator of the capacity phase, `wrk` or `h2load`, with trials of its own in each block: the report says whether both agree.',
      ),
    backends: several(groupOrCount, 'describe at least one backend')
      .refine((groups) => groups.some(({ weight }) => weight > 0), 'give one a weight above 0')
      .transform(eachBackend)
      .refine((all) => all.length <= bounds.backends, `give ${bounds.backends} backends or fewer`)
      .describe('The backends, in groups of equal ones.'),
    faults: several(faultStep, 'name at least one fault')
      .optional()
      .describe(
        'Faults during each window: see [faults](../guide/faults.md). They require `phase: latency`, a `rate` and `control: false`.',
      ),
    load: loadField
      .optional()
      .describe(
        'The stages of a load test: see [load tests](../guide/load-tests.md). A comparison without a `rate` has the highest one of them.',
      ),
    journeys: journeysField
      .optional()
      .describe(
        'What visits do, in a load test and in a comparison, whose rate is then in visits per second. Without it, each sends `request`.',
      ),
    data: dataField
      .optional()
      .describe('Data files of the journeys, by the name that templates use.'),
    thresholds: z
      .array(z.string('give text'), 'list thresholds, such as - p99 < 100ms @ hold')
      .max(bounds.listed, `list ${bounds.listed} or fewer`)
      .optional()
      .describe(
        'Conditions that must hold: in a load test, and for each arm in the latency phase of a comparison.',
      ),
  }
}

/** Fields that faults depend on: see `validateFaults`. */
const faultFields = ['faults', 'backends', 'duration', 'phase', 'rate', 'control', 'targets']

/** The schema of a scenario file. Faults are validated with the fields that they depend on, once these are valid. */
export function scenarioSchema(registry: Registry) {
  return fields(scenarioFields(registry)).superRefine(
    (scenario, context) => {
      for (const { path, remedy } of validateFaults(scenario, registry.control)) {
        context.addIssue({ code: 'custom', path: [...path], message: remedy })
      }
    },
    {
      when: ({ value, issues }) =>
        typeof value === 'object' &&
        issues.every(({ path = [] }) => path.length > 0 && !faultFields.includes(String(path[0]))),
    },
  )
}

/**
 * The schema of a file of `lb load`: the same fields, none of which it needs. Without backends it has two, without a service
 * time.
 */
export function loadFileSchema(registry: Registry) {
  const shape = scenarioFields(registry)
  return fields({
    ...shape,
    question: shape.question.optional(),
    backends: shape.backends.prefault(2),
  })
}

/** A scenario as read: the arms to compare, the backends and the load. Times in seconds. */
export interface Scenario {
  /** Name of the file, without its extension. */
  readonly name: string
  /** The question that it answers, in one line. */
  readonly question: string
  readonly algorithms: readonly string[]
  readonly targets: readonly string[]
  readonly cores: readonly number[]
  readonly connections: number
  readonly drivers?: number | undefined
  readonly backendProcesses?: number | undefined
  readonly warmup: { readonly least: number; readonly most: number }
  readonly duration: number
  readonly trials: number
  readonly timeout: number
  readonly phase: Phase | 'both'
  readonly rate?: number | undefined
  readonly arrivals: Plan['arrivals']['spacing']
  readonly control: boolean
  readonly precision?: number | undefined
  readonly maxTime?: number | undefined
  readonly request: RequestPlan
  readonly driver?: ClosedLoopDriver | undefined
  /** A second driver of the capacity phase. */
  readonly witness?: ExternalDriver | undefined
  readonly backends: readonly BackendPlan[]
  /** In order of time; they need the phase `latency` and a rate. */
  readonly faults?: readonly FaultStep[] | undefined
  /** The stages of the scenario: `lb load` runs them. */
  readonly load?: z.output<typeof loadField> | undefined
  readonly journeys?: z.output<typeof journeysField> | undefined
  readonly data?: z.output<typeof dataField> | undefined
  readonly thresholds?: readonly string[] | undefined
}

function eachBackend(groups: readonly z.output<typeof groupOrCount>[]): BackendPlan[] {
  return groups.flatMap(({ count, ...backend }) => Array.from({ length: count }, () => backend))
}
