import { armName } from './arms.ts'
import { inFlight } from './documented/facts.ts'
import type { Documented } from './documented/read-documented.ts'
import type { Arm, Plan } from './plan.ts'
import { schedule } from './schedule.ts'

/** Flags that override fields of the document. Times in seconds. */
interface ReproductionOverrides {
  readonly connections?: number | undefined
  readonly trials?: number | undefined
  readonly duration?: number | undefined
  readonly warmup?: number | undefined
  readonly maxTime?: number | undefined
}

/** The document to reproduce, and the overrides. */
export interface ReproductionPlanOptions {
  readonly documented: Documented
  readonly overrides: ReproductionOverrides
  readonly seed: number
  /** The target without a balancer. */
  readonly control: string
}

/** Connections where the document implies no number. */
const defaultConnections = 40

/**
 * The plan that reproduces documented tables: each of their arms once, at saturation, in a closed loop. The number
 * of connections is that of the flag, of the document, or implied by Little's law, in this order.
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

/** Connections of the documented measurements, given or implied. */
function connectionsOf(documented: Documented): number {
  const implied = inFlight(documented)
    .map(({ requests }) => requests)
    .toSorted((a, b) => a - b)
  const middle = implied[Math.floor(implied.length / 2)]
  return documented.measure.connections ?? Math.max(1, Math.round(middle ?? defaultConnections))
}

/** The name of a documented arm in the plan; two rows may share one arm. */
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
  const controlArm =
    control === undefined ? [] : [{ name: control, target: control, algorithm: 'none', cores: 1 }]
  return [...new Map([...named, ...controlArm].map((arm) => [arm.name, arm])).values()]
}
