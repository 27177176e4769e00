import type { Plan } from '../../plan/plan.ts'
import type { Finding, Measurement } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'
import { type Comparison, compare } from '../../stats/tests/comparison.ts'
import { analyse } from './analyse.ts'
import { uncorrected } from './host-speed.ts'
import type { Margins } from './margins.ts'
import { valuesOf } from './pairs.ts'

/** The trials of a run by both drivers, and what a difference must exceed. */
export interface WitnessOptions {
  readonly plan: Plan
  /** The driver of the other trials. */
  readonly driver: string
  readonly measured: readonly Measurement[]
  readonly witnessed: readonly Measurement[]
  readonly margin: Margins
  /** CPUs of the host. */
  readonly cpus: number
}

const question = { phase: 'capacity', metric: 'throughput' } as const

/**
 * The findings, each of the capacity phase with a note of whether the witness agrees: its throughput compared with the
 * driver's by the pairs of the blocks.
 */
export function withWitness(findings: readonly Finding[], options: WitnessOptions): Finding[] {
  const { plan, witnessed, cpus } = options
  const { witness } = plan
  if (witness === undefined) return [...findings]
  const others = analyse(plan, witnessed, cpus)
  return findings.map((finding) => {
    if (finding.phase !== 'capacity') return finding
    const other = others.find(({ arm, phase }) => arm === finding.arm && phase === finding.phase)
    const note = judged(finding, other, { ...options, witness })
    return { ...finding, notes: [...finding.notes, note] }
  })
}

function judged(
  own: Finding,
  other: Finding | undefined,
  { witness, driver, ...options }: WitnessOptions & { readonly witness: string },
): Reason {
  const [rate, witnessRate] = [own, other].map((one) => one?.metrics.throughput?.center)
  const names = { driver, witness }
  if (rate === undefined || witnessRate === undefined || other?.validity === 'invalid') {
    return { code: 'witness-failed', values: names }
  }
  const rates = { ...names, rate, witnessRate }
  const found = comparison(own.arm, options)
  if (found === undefined || found.outcome === 'too few trials') {
    return { code: 'witness-undecided', values: { ...rates, cause: 'few-trials' } }
  }
  const { center, low, high } = found.ratio
  const values = { ...rates, ratio: center, low, high }
  const differs = found.outcome === 'better' || found.outcome === 'worse'
  if (!differs) return { code: 'witness-agrees', values }
  // A lower bound is not disputed by a higher figure.
  const lower = center > 1 ? own : other
  return lower?.isLowerBound
    ? { code: 'witness-undecided', values: { ...rates, cause: 'lower-bound' } }
    : { code: 'disputed', values }
}

/** The throughput of an arm by the witness as a multiple of that by the driver; undefined below 2 blocks. */
function comparison(
  arm: string,
  { measured, witnessed, margin }: Omit<WitnessOptions, 'driver'>,
): Comparison | undefined {
  const [own, others] = [measured, witnessed].map((trials) =>
    valuesOf(trials, arm, { question, speed: uncorrected }),
  ) as [Map<number, number>, Map<number, number>]
  const pairs = [...own].flatMap(([block, value]) => {
    const other = others.get(block)
    return other !== undefined && value > 0 && other > 0 ? [[value, other] as const] : []
  })
  if (pairs.length < 2) return undefined
  return compare(pairs, { better: 'more', margin: margin('throughput', pairs.length) })
}
