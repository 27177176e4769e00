import type { Tune } from '../../src/result/tune.ts'

const heads = [
  ...['target', 'knob', 'value', 'default', 'answer', 'decided_by', 'metric', 'phase'],
  ...['ratio', 'ratio_low', 'ratio_high', 'margin', 'outcome'],
]

/** A line for each knob and metric of a run of `lb tune`, and one for each knob that was left out. */
export function tuneLines({ target, knobs, twin, skipped }: Tune): string[][] {
  const all = twin === undefined ? knobs : [...knobs, twin]
  return [
    heads,
    ...all.flatMap((one) => {
      const own = [target, one.knob, one.value, one.default, one.answer, one.metric ?? '']
      if (one.effects.length === 0) return [[...own, '', '', '', '', '', '', '']]
      return one.effects.map(({ metric, phase, ratio, margin, outcome }) => [
        ...own,
        ...[metric, phase, ratio.center, ratio.low, ratio.high, margin, outcome].map(String),
      ])
    }),
    ...skipped.map(({ knob, reason }) => [
      ...[target, knob, '', '', 'skipped', reason],
      ...['', '', '', '', '', '', ''],
    ]),
  ]
}
