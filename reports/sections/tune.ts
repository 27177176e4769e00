import { plural } from '../../src/kit/plural.ts'
import { percent } from '../../src/kit/units.ts'
import type { Comparison, ResultDocument } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { SkippedKnob, Tune, TurnedKnob } from '../../src/result/tune.ts'
import type { TextTable } from '../layout/text-table.ts'
import { signed } from './comparisons.ts'

/** The knobs of a run of `lb tune` with their answers, those that moved most first; none for other runs. */
export function tuneTables({ tune }: ResultDocument): TextTable[] {
  if (tune === undefined) return []
  const twin = tune.twin === undefined ? [] : [tune.twin]
  return [
    ...screenTables(tune),
    ...(tune.knobs.length === 0 ? [] : [knobTable(tune, twin)]),
    ...interactionTables(tune),
  ]
}

function knobTable(tune: Tune, twin: readonly TurnedKnob[]): TextTable {
  return {
    title: `Knobs of ${tune.target}, each against its default`,
    head: ['knob', 'default', 'answer', 'metric', 'change', 'interval', 'δ'],
    rows: [...byEffect(tune.knobs), ...twin].map(rowOf),
    notes: [
      'answer: helps or hurts by the first metric that moved; no difference: the interval of the metric lies within ±δ; inconclusive: it is wider than that; too few trials: so few cannot decide; invalid: no valid trial.',
      'twin: differs from the default in its name only.',
    ],
    dropOrder: [['default'], ['default', 'δ'], ['default', 'δ', 'interval']],
  }
}

/** The main effects of a screen, the largest first. */
function screenTables({ target, screen }: Tune): TextTable[] {
  if (screen === undefined) return []
  const size = ({ ratio = 1 }: (typeof screen.effects)[number]) => Math.abs(Math.log(ratio))
  return [
    {
      title: `Screen of ${plural(screen.effects.length, 'knob')} of ${target}: ${metrics[screen.metric].label}`,
      head: ['knob', 'change', 'interval', 'confirmed in pairs'],
      rows: screen.effects
        .toSorted((a, b) => size(b) - size(a))
        .map(({ arm, ratio, low, high, isKept }) => [
          arm,
          ...(ratio === undefined || low === undefined || high === undefined
            ? ['–', '–']
            : [signed(ratio), `${signed(low)} … ${signed(high)}`]),
          isKept ? 'yes' : 'no',
        ]),
      notes: [
        `${screen.runs} runs in ${plural(screen.blocks, 'complete block')}; each knob is turned in half of the runs. Intervals at 95 %.`,
      ],
    },
  ]
}

function interactionTables({ interactions = [] }: Tune): TextTable[] {
  if (interactions.length === 0) return []
  return [
    {
      title: 'Two knobs at once, beside both effects multiplied',
      head: ['knobs', 'metric', 'change', 'interval', 'outcome'],
      rows: interactions.map(({ arm, metric, ratio, outcome }) => [
        ...[arm, metrics[metric].label, signed(ratio.center)],
        ...[`${signed(ratio.low)} … ${signed(ratio.high)}`, outcome],
      ]),
      notes: ['same: they do not act on each other.'],
    },
  ]
}

/** The comparison behind an answer; undefined where there is none, or the answer is about lost requests. */
export function decidingEffect({ effects, metric }: TurnedKnob): Comparison | undefined {
  return effects.find((one) => one.metric === metric)
}

/** Those that moved first, by the size of their effect; then the others. */
export function byEffect(knobs: readonly TurnedKnob[]): TurnedKnob[] {
  const rank = ({ answer }: TurnedKnob) => ranks.indexOf(answer)
  const size = (one: TurnedKnob) => Math.abs(Math.log(decidingEffect(one)?.ratio.center ?? 1))
  return knobs.toSorted((a, b) => rank(a) - rank(b) || size(b) - size(a))
}

const ranks: readonly TurnedKnob['answer'][] = [
  ...(['helps', 'hurts', 'no difference', 'inconclusive', 'too few trials', 'invalid'] as const),
]

function rowOf(one: TurnedKnob): string[] {
  const { arm, default: own, answer, metric } = one
  return [arm, own, answer, metric === undefined ? '–' : metrics[metric].label, ...figures(one)]
}

function figures(one: TurnedKnob): string[] {
  const effect = decidingEffect(one)
  if (effect !== undefined) {
    const { ratio, margin } = effect
    return [signed(ratio.center), `${signed(ratio.low)} … ${signed(ratio.high)}`, percent(margin)]
  }
  const { lost, metric } = one
  if (metric !== 'errorShare' || lost === undefined) return ['–', '–', '–']
  return [`${percent(lost.default)} → ${percent(lost.arm)}`, '–', '–']
}

/** What a run of `lb tune` found, in sentences; none for other runs. */
export function tuneSentences({ tune }: ResultDocument): string[] {
  if (tune === undefined) return []
  const { knobs, twin, screen } = tune
  if (screen !== undefined && knobs.length === 0) return [screenSentence(screen)]
  const of = (answer: TurnedKnob['answer']) => knobs.filter((one) => one.answer === answer)
  const [helps, hurts] = [of('helps'), of('hurts')].map(byEffect) as [TurnedKnob[], TurnedKnob[]]
  const found =
    helps.length === 0
      ? `No change to ${tune.target} is shown to help here, of ${knobs.length} measured.`
      : `${helps.length} of ${plural(knobs.length, 'change')} to ${tune.target} ${helps.length === 1 ? 'helps' : 'help'} here: ${helps.map(named).join('; ')}.`
  const others = [
    ...(hurts.length > 0 ? [`${hurts.length} would hurt: ${hurts.map(named).join('; ')}`] : []),
    ...countOf(of('no difference'), 'makes no difference', 'make no difference'),
    ...countOf(of('inconclusive'), 'is inconclusive', 'are inconclusive'),
    ...countOf(of('too few trials'), 'has too few trials', 'have too few trials'),
    ...countOf(of('invalid'), 'has no valid trial', 'have no valid trial'),
    ...(twin === undefined ? [] : [twinClause(twin)]),
  ]
  return [found, ...(others.length === 0 ? [] : [`${capitalised(others.join('; '))}.`])]
}

/** The answer of the twin, and what it says about the host where it is not the same. */
function twinClause(twin: TurnedKnob): string {
  switch (twin.answer) {
    case 'helps':
    case 'hurts':
      return `the twin, which differs in nothing, moved too (${effectWords(twin)}): this host is too noisy for these answers`
    case 'inconclusive':
      return 'the twin: inconclusive, since this host scatters by more than δ'
    default:
      return `the twin: ${twin.answer}`
  }
}

/** A screen after which nothing was confirmed. */
function screenSentence({ blocks, effects, metric }: NonNullable<Tune['screen']>): string {
  const screened = `The screen of ${plural(effects.length, 'knob')}`
  if (effects.some(({ ratio }) => ratio === undefined)) {
    return `${screened} is inconclusive: only ${plural(blocks, 'block')} of it have a valid trial of every run.`
  }
  return `${screened} found none that moves ${metrics[metric].label}.`
}

function countOf(all: readonly TurnedKnob[], one: string, several: string): string[] {
  return all.length === 0 ? [] : [`${all.length} ${all.length === 1 ? one : several}`]
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/** `pooling=off (CPU per request +34 %)`. */
function named(one: TurnedKnob): string {
  return `${one.arm} (${effectWords(one)})`
}

/** The metric that decided and its change: `CPU per request −5.1 %`. */
export function effectWords(one: TurnedKnob): string {
  const { metric } = one
  if (metric === undefined) return one.answer
  return `${metrics[metric].label} ${figures(one)[0]}`
}

/** A line for each reason to leave knobs out. */
export function skippedKnobLines(skipped: readonly SkippedKnob[]): string[] {
  return [...Map.groupBy(skipped, ({ reason }) => reason)].map(
    ([reason, all]) => `${all.map(({ knob }) => knob).join(', ')}: ${reasons[reason]}`,
  )
}

const reasons = {
  'target-lacks': 'the target has no such setting',
  time: 'the maximum time does not allow them (--max-time)',
  clashes: 'an earlier knob changes the same thing, and a screen turns both at once',
  'screen-full': 'a screen holds eleven knobs',
  'not-moved': 'the screen found no effect',
} as const satisfies Record<SkippedKnob['reason'], string>
