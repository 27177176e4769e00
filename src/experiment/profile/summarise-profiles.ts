import type { Arm } from '../../plan/plan.ts'
import { diffFrames } from '../../profile/diff/diff-frames.ts'
import type { FrameCosts } from '../../profile/diff/frame-costs.ts'
import { frameEstimates } from '../../profile/diff/frame-estimates.ts'
import type { Measurement } from '../../result/document.ts'
import type { ProfileSummary } from '../../result/schemas/profile.ts'
import { summarise } from '../../stats/estimates/summary.ts'
import { compare, type Pair } from '../../stats/tests/comparison.ts'
import { costsOf } from '../findings/metrics-of.ts'
import type { TrialProfile } from './profile-trials.ts'
import type { ProfileKind } from './profiled-blocks.ts'
import { profiledCosts } from './profiled-costs.ts'

/** Frames of an arm, and of a diff, that a summary holds: the profile itself has all. */
const maxFrames = 40

/** Overhead that does not matter, as a fraction. */
const overheadMargin = 0.05

/** The trials of all arms, and the arms in their order. */
export interface SummariseOptions {
  readonly kind: ProfileKind
  readonly arms: readonly Arm[]
  readonly trials: readonly TrialProfile[]
  readonly missing: ProfileSummary['missing']
}

/** The summary of the profiles of one kind: each arm by itself, and the first two compared. Invalid trials enter no figure. */
export function summariseProfiles(options: SummariseOptions): ProfileSummary {
  const { kind, arms, missing } = options
  const valid = options.trials.filter(({ measurement }) => measurement.verdict.valid)
  const byArm = arms.map((arm) => ({ arm, blocks: blocksOf(valid, arm, kind) }))
  const profiled = byArm.filter(({ blocks }) => blocks.size > 0)
  const [base, head, ...others] = profiled
  return {
    kind,
    unit: kind === 'cpu' ? 'microseconds' : 'bytes',
    arms: profiled.map(({ arm, blocks }) => armOf(arm, { blocks, valid, kind })),
    ...(base &&
      head &&
      others.length === 0 && {
        diff: diffOf(kind, [base.arm.name, base.blocks], [head.arm.name, head.blocks]),
      }),
    missing: [
      ...missing,
      ...byArm
        .filter(
          ({ blocks, arm }) => blocks.size === 0 && !missing.some((one) => one.arm === arm.name),
        )
        .map(({ arm }) => ({ arm: arm.name, detail: 'none of its profiled trials is valid' })),
    ],
  }
}

/** The profiled trials of an arm by block. */
type Blocks = ReadonlyMap<number, { readonly costs: FrameCosts; readonly measurement: Measurement }>

function blocksOf(valid: readonly TrialProfile[], { name }: Arm, kind: ProfileKind): Blocks {
  return new Map(
    valid.flatMap((one) => {
      const { measurement } = one
      if (one.kind !== kind || measurement.trial.arm !== name) return []
      const costs = profiledCosts(one)
      return costs ? [[measurement.trial.block, { costs, measurement }] as const] : []
    }),
  )
}

function armOf(
  arm: Arm,
  found: {
    readonly blocks: Blocks
    readonly valid: readonly TrialProfile[]
    readonly kind: ProfileKind
  },
): ProfileSummary['arms'][number] {
  const { blocks, valid, kind } = found
  const trials = [...blocks.values()]
  const { perRequest, frames } = frameEstimates(trials.map(({ costs }) => costs))
  const cpu = trials.flatMap(({ measurement }) => costsOf(measurement).cpuPerRequest ?? [])
  const overhead = overheadOf(valid, arm, kind)
  return {
    arm: arm.name,
    trials: blocks.size,
    perRequest,
    ...(cpu.length > 0 && { cpuPerRequest: summarise(cpu.map((seconds) => seconds * 1e6)) }),
    frames: frames.slice(0, maxFrames),
    ...(overhead && { overhead }),
  }
}

/** Cost of profiling: trials with a profile beside those without one in the same blocks. */
function overheadOf(
  valid: readonly TrialProfile[],
  { name }: Arm,
  kind: ProfileKind,
): ProfileSummary['arms'][number]['overhead'] {
  const own = valid.filter(({ measurement }) => measurement.trial.arm === name)
  const valuesOf = (of: ProfileKind | undefined, metric: 'cpuPerRequest' | 'throughput') =>
    new Map(
      own
        .filter((one) => one.kind === of)
        .map(({ measurement }) => [measurement.trial.block, costsOf(measurement)[metric] ?? 0]),
    )
  for (const metric of ['cpuPerRequest', 'throughput'] as const) {
    const [without, beside] = [valuesOf(undefined, metric), valuesOf(kind, metric)]
    const pairs = [...without].flatMap(([block, value]): Pair[] => {
      const other = beside.get(block) ?? 0
      return value > 0 && other > 0 ? [[value, other]] : []
    })
    if (pairs.length < 2) continue
    const better = metric === 'throughput' ? 'more' : 'less'
    const { ratio, outcome } = compare(pairs, { better, margin: overheadMargin })
    return { metric, ratio, outcome }
  }
  return undefined
}

function diffOf(
  kind: ProfileKind,
  [base, bases]: readonly [string, Blocks],
  [head, heads]: readonly [string, Blocks],
): NonNullable<ProfileSummary['diff']> {
  const pairs = [...bases].flatMap(([block, one]) => {
    const other = heads.get(block)
    return other === undefined ? [] : [{ base: one.costs, head: other.costs }]
  })
  const { perRequest, frames, confidence } = diffFrames(pairs, { scaled: kind === 'cpu' })
  const differing = frames.filter(({ outcome }) => outcome === 'better' || outcome === 'worse')
  const others = frames.filter((one) => !differing.includes(one))
  return {
    ...{ base, head, pairs: pairs.length, confidence },
    ...(perRequest && { perRequest }),
    tested: frames.length,
    frames: [...differing, ...others].slice(0, maxFrames),
  }
}
