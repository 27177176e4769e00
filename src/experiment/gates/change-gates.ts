import { percent } from '../../kit/units.ts'
import type { Gate, ResultDocument } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
import type { Comparison } from '../../stats/tests/comparison.ts'
import { asFamily } from '../../stats/tests/family.ts'
import { pairings } from '../findings/pairs.ts'
import { type ComparisonCase, findingOf, phasesFor } from './comparison-case.ts'
import type { GateRule } from './gate-rule.ts'
import type { GateOptions } from './gates.ts'
import { withoutFigure } from './value-gates.ts'

interface Bout {
  readonly rule: GateRule
  readonly contest: ComparisonCase
  readonly raw: Comparison
}

/** The gates of rules on a change: one for each arm that was, or should have been, compared. */
export function changeGates(document: ResultDocument, options: GateOptions): Gate[] {
  const bouts = options.rules.flatMap((rule) =>
    options.contests
      .filter(({ metric }) => metric === rule.metric)
      .map((contest): Bout => ({ rule, contest, raw: contest.holdAt(ratioOf(rule)) })),
  )
  const family = asFamily(bouts.map(({ raw }) => raw))
  return [
    ...bouts.map((bout, i) =>
      change(document, { ...bout, options, sure: family[i] as Comparison }),
    ),
    ...options.rules.flatMap((rule) => uncontested(document, rule, options)),
  ]
}

function ratioOf({ limit }: GateRule): number {
  return limit.on === 'change' ? limit.ratio : 1
}

function change(
  document: ResultDocument,
  { rule, contest, raw, sure, options }: Bout & { sure: Comparison; options: GateOptions },
): Gate {
  const { metric, arm, phase } = contest
  const found = { rule: rule.text, arm, metric, limit: 'change' as const, strict: options.strict }
  const said = sentence(contest, raw, ratioOf(rule))
  const unclear = (why: string): Gate => ({
    ...found,
    state: 'unclear',
    because: `${said}; ${why}`,
  })
  if (raw.answer === 'cannot decide') return unclear(raw.ratio.warnings.join(' '))
  if (raw.answer === 'better') return { ...found, state: 'pass', because: said }
  if (raw.answer !== 'worse') return unclear('the interval lies on both sides of the limit')
  if (sure.answer !== 'worse') {
    return unclear(`with so many limits at once that may be chance (p ${sure.p.toPrecision(2)})`)
  }
  const size = Math.abs(Math.log(raw.ratio.center * ratioOf(rule)))
  if (size < Math.log1p(contest.margin)) {
    return unclear(`less than the ${percent(contest.margin)} that can be told apart here`)
  }
  const bound = metric === 'throughput' && findingOf(document, arm, phase)?.atLeast
  if (bound) return unclear('it is a lower bound, as something other than the target limited it')
  const doubt = options.doubt?.(contest)
  return doubt === undefined ? { ...found, state: 'fail', because: said } : unclear(doubt)
}

/** `latency p99 8.1 % more (95 % interval 5.9 % more to 10 % more)` */
function sentence(
  { metric, base, arm }: ComparisonCase,
  { ratio }: Comparison,
  limit: number,
): string {
  const words = (value: number) => moreOrLess(value * limit)
  const against = base === arm ? 'the baseline' : base
  const { center, low, high, confidence } = ratio
  return `${metrics[metric].label} ${words(center)} than ${against} (${percent(confidence)} interval ${words(low)} to ${words(high)})`
}

function moreOrLess(ratio: number): string {
  return `${percent(ratio - 1)} ${ratio < 1 ? 'less' : 'more'}`
}

/** Arms that a rule asks of and that could not be compared: unclear, or failed where every trial was beyond measure. */
function uncontested(document: ResultDocument, rule: GateRule, options: GateOptions): Gate[] {
  const { metric, text } = rule
  const judged = options.contests.filter((one) => one.metric === metric).map(({ arm }) => arm)
  const arms = contenders(document).filter((arm) => !judged.includes(arm))
  return arms.flatMap((arm) => {
    const [phase] = phasesFor(metric, document.plan.phases)
    const finding = phase && findingOf(document, arm, phase)
    if (finding === undefined || finding.validity === 'oversubscribed') return []
    const found = { rule: text, arm, metric, limit: 'change' as const, strict: options.strict }
    return [{ ...found, ...withoutFigure(document, finding, metric) }]
  })
}

/** Arms that a limit on a change is about: in a duel those of the head. */
function contenders({ plan }: ResultDocument): string[] {
  const duel = plan.arms.some(({ variant }) => variant !== undefined)
  return duel
    ? pairings(plan).map(({ other }) => other.name)
    : plan.arms.filter(({ name }) => name !== plan.control).map(({ name }) => name)
}
