import { armName } from './arms.ts'
import { inFlight } from './documented/facts.ts'
import type { Documented } from './documented/read-documented.ts'
import type { Arm, Plan } from './plan.ts'
import { schedule } from './schedule.ts'

/** What flags say differently from the document. Times in seconds. */
interface ReproductionOverrides {
  readonly connections?: number | undefined
  readonly trials?: number | undefined
  readonly duration?: number | undefined
  readonly warmup?: number | undefined
  readonly maxTime?: number | undefined
}

/** What to plan, with whose dice. */
export interface ReproductionPlanOptions {
  readonly documented: Documented
  readonly overrides: ReproductionOverrides
  readonly seed: number
  /** Target that is no balancer. */
  readonly control: string
}

/** Connections where the document implies none. */
const usual = 40

/**
 * The plan that makes documented tables again: each arm that they name once, at saturation, in closed loop
 * with as many connections as were asked for, else documented, else implied by Little's law.
 */
export function reproductionPlan(options: ReproductionPlanOptions): Plan {
  const { documented, overrides, seed, control } = options
  const { measure } = documented
  const { trials: blocks = measure.trials, warmup } = overrides
  const arms = armsOf(documented, measure.control ? control : undefined)
  return {
    scenario: documented.name,
    seed,
    arms,
    backends: [...measure.backends],
    request: measure.request,
    connections: overrides.connections ?? connectionsOf(documented),
    warmup: warmup === undefined ? measure.warmup : { least: warmup, most: 2 * warmup },
    duration: overrides.duration ?? measure.duration,
    blocks,
    phases: ['capacity'],
    ...(measure.control && { control }),
    arrivals: { share: 0.6, spacing: 'poisson' },
    stop: { maxSeconds: overrides.maxTime ?? measure.maxTime, least: 1 },
    timeout: measure.timeout,
    trials: schedule({ arms, seed, phases: [{ phase: 'capacity', blocks }] }),
  }
}

/** Connections that the documented rows were measured with, as far as they tell. */
function connectionsOf(documented: Documented): number {
  const implied = inFlight(documented)
    .map(({ requests }) => requests)
    .toSorted((a, b) => a - b)
  const middle = implied[Math.floor(implied.length / 2)]
  return documented.measure.connections ?? Math.max(1, Math.round(middle ?? usual))
}

/** The name that a documented arm has in the plan; two rows may be about one arm. */
export function plannedName({ target, algorithm, cores }: Omit<Arm, 'name'>): string {
  return algorithm === 'none' ? target : armName(target, algorithm, cores)
}

function armsOf({ arms, tables }: Documented, control: string | undefined): Arm[] {
  const used = new Set(tables.flatMap(({ figures }) => figures.map(({ arm }) => arm)))
  const named = Object.entries(arms)
    .filter(([name]) => used.has(name))
    .map(([, { target, algorithm, cores }]): Arm => {
      const arm = { target, algorithm, cores }
      return { name: plannedName(arm), ...arm }
    })
  const bare =
    control === undefined ? [] : [{ name: control, target: control, algorithm: 'none', cores: 1 }]
  return [...new Map([...named, ...bare].map((arm) => [arm.name, arm])).values()]
}
