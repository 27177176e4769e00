import type { TunedMetric } from '../../knobs/knob.ts'
import { defaultArm, type TunePlan, twinArm } from '../../knobs/tune-plan.ts'
import type { Arm, Phase } from '../../plan/plan.ts'
import type { Comparison, ResultDocument } from '../../result/document.ts'
import type { Tune, TurnedKnob } from '../../result/tune.ts'
import { adjustFamily } from '../../stats/tests/family.ts'
import { compareArms, storedComparison } from '../findings/comparisons.ts'
import type { Margins } from '../findings/margins.ts'
import { interactions } from './interactions.ts'
import { lostRequests } from './lost-requests.ts'

/** The metrics of each phase by which a knob is judged. */
const judged = {
  capacity: ['throughput', 'cpuPerRequest', 'rssMean'],
  latency: ['latencyP99', 'cpuPerRequest', 'rssMean'],
} as const satisfies Record<Phase, readonly TunedMetric[]>

/** The twin should move nothing: CPU per request is the steadiest metric. */
const twinMoves = ['cpuPerRequest'] as const

/**
 * The answers of a run of `lb tune`: each value is compared with default and twin, block by block, and the comparisons of one
 * metric are a family (Holm).
 */
export function judgeKnobs(
  { plan, values, skipped, crossed }: TunePlan,
  { trials, findings }: Pick<ResultDocument, 'trials' | 'findings'>,
  margin: Margins,
): Tune {
  const arms = plan.arms.filter(({ name }) => name !== defaultArm)
  const effects = effectsOf(plan.arms, { phases: plan.phases, trials, findings, margin })
  const answerOf = (arm: string, moves: readonly TunedMetric[]) => {
    const own = effects.filter((one) => one.arm === arm)
    const lost = lostRequests(trials, { base: defaultArm, arm, comparisons: arms.length })
    const trialsOf = trials.filter(({ trial }) => trial.arm === arm)
    const isInvalid = trialsOf.length > 0 && trialsOf.every(({ verdict }) => !verdict.valid)
    return { effects: own, ...(lost && { lost }), ...verdictOf(own, { moves, lost, isInvalid }) }
  }
  const knobs = values.map(
    ({ knob, setting, value, arm }): TurnedKnob => ({
      ...{ arm, knob: knob.name, value, default: setting.default },
      ...{ advice: knob.advice, source: knob.source },
      ...answerOf(arm, knob.moves),
      paste: setting.paste?.(value) ?? pasted(plan.arms.find(({ name }) => name === arm)),
    }),
  )
  const nothing = { knob: twinArm, value: '', default: '', advice: '', source: '', paste: '' }
  return {
    target: plan.arms[0]?.target ?? '',
    knobs,
    twin: { arm: twinArm, ...nothing, ...answerOf(twinArm, twinMoves) },
    skipped: [...skipped],
    ...(crossed.length > 0 && { interactions: interactions({ crossed }, trials, margin) }),
  }
}

interface Material extends Pick<ResultDocument, 'trials' | 'findings'> {
  readonly phases: readonly Phase[]
  readonly margin: Margins
}

/**
 * Every arm compared with the mean of default and twin, and the twin with the default, in each metric of the first phase that
 * has it.
 */
function effectsOf([base, ...others]: readonly Arm[], material: Material): Comparison[] {
  const { phases, trials, findings, margin } = material
  if (base === undefined) return []
  const twin = others.find(({ name }) => name === twinArm)
  const done = new Set<TunedMetric>()
  return phases.flatMap((phase) =>
    judged[phase]
      .filter((metric) => !done.has(metric))
      .flatMap((metric) => {
        done.add(metric)
        const family = others.flatMap((other) =>
          compareArms(
            trials,
            { base, other, twin: other === twin ? undefined : twin },
            { phase, metric, margin, findings },
          ),
        )
        return adjustFamily(family).map(storedComparison)
      }),
  )
}

interface Deciding {
  /** The metrics that the knob should move, the deciding one first. */
  readonly moves: readonly TunedMetric[]
  readonly lost: TurnedKnob['lost']
  /** Whether there are trials, and none is valid. */
  readonly isInvalid: boolean
}

/** Every metric, in the order in which they decide where the knob's own did not move. */
const allMetrics: readonly TunedMetric[] = [
  ...(['cpuPerRequest', 'latencyP99', 'throughput', 'errorShare', 'rssMean'] as const),
]

/** The answer: by the first metric that moved; where none did, by the one that the knob should move. */
function verdictOf(
  effects: readonly Comparison[],
  { moves, lost, isInvalid }: Deciding,
): Pick<TurnedKnob, 'answer' | 'metric'> {
  if (isInvalid) return { answer: 'invalid' }
  const outcomes = [...new Set([...moves, ...allMetrics])].flatMap((metric) => {
    const outcome =
      metric === 'errorShare'
        ? lost?.outcome
        : effects.find((one) => one.metric === metric)?.outcome
    return outcome === undefined ? [] : [{ metric, outcome }]
  })
  const moved = outcomes.find(({ outcome }) => outcome === 'better' || outcome === 'worse')
  if (moved !== undefined) {
    return { answer: moved.outcome === 'better' ? 'helps' : 'hurts', metric: moved.metric }
  }
  // A phase that is not run has no figure of its metric: the next one of the knob then decides. Lost requests do only where
  // they come first, since both sides lose none in almost every run.
  const deciding =
    outcomes.find(({ metric }) => metric === moves[0]) ??
    outcomes.find(({ metric }) => metric !== 'errorShare')
  if (deciding === undefined) return { answer: 'too few trials' }
  const { metric, outcome } = deciding
  if (outcome === 'too few trials') return { answer: outcome, metric }
  return { answer: outcome === 'same' ? 'no difference' : 'inconclusive', metric }
}

/** The lines of a turn: fields of the reference balancer, texts of a configuration, or variables. */
function pasted(arm: Arm | undefined): string {
  const [turn] = arm?.turns ?? []
  if (turn?.config !== undefined) return yamlOf(turn.config)
  return Object.entries(turn?.env ?? {})
    .map(([name, value]) => `${name}=${value}  # in its environment`)
    .join('\n')
}

function yamlOf(fields: object, indent = ''): string {
  return Object.entries(fields)
    .map(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? `${indent}${name}:\n${yamlOf(value, `${indent}  `)}`
        : `${indent}${name}: ${String(value)}`,
    )
    .join('\n')
}
