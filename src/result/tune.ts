import { z } from 'zod'
import { metricNames } from './metrics.ts'
import { comparison } from './schemas/comparison.ts'
import { count } from './schemas/values.ts'

/** Why a knob was not turned. */
const skippedKnob = z.strictObject({
  knob: z.string(),
  /**
   * `target-lacks`: the target has no such setting. `time`: the maximum time does not allow it; those of the end of the list
   * are left out first. In a screen: `clashes`: an earlier knob changes the same thing; `screen-full`: it holds eleven;
   * `not-moved`: the screen found no effect.
   */
  reason: z.enum(['target-lacks', 'time', 'clashes', 'screen-full', 'not-moved']),
})
export type SkippedKnob = z.infer<typeof skippedKnob>

/** The requests that an arm lost, beside those of the default: fractions of all. */
const lostRequests = z.strictObject({
  default: z.number(),
  arm: z.number(),
  outcome: z.enum(['better', 'worse', 'same', 'inconclusive', 'too few trials']),
})

/** One alternative of a knob, and what it did. */
const turnedKnob = z.strictObject({
  /** Name of its arm. */
  arm: z.string(),
  knob: z.string(),
  value: z.string(),
  /** The value of the default arm. */
  default: z.string(),
  advice: z.string(),
  source: z.string(),
  /**
   * `no difference`: the interval of the deciding metric lies within ±δ. `too few trials`: so few cannot decide, as after an
   * interruption. `invalid`: there are trials, and none is valid: the knob did not take effect, or the host disturbed them.
   */
  answer: z.enum(['helps', 'hurts', 'no difference', 'inconclusive', 'too few trials', 'invalid']),
  /** The metric that moved; where none did, the one that decides. Absent where there is none. */
  metric: z.enum(metricNames).optional(),
  /** Alternative ÷ default of each metric, from the pairs of each block; the default is the mean of itself and its twin. */
  effects: z.array(comparison),
  lost: lostRequests.optional(),
  /** Lines of the target's configuration with this value. */
  paste: z.string(),
})
export type TurnedKnob = z.infer<typeof turnedKnob>

/** Main effects of many knobs at once, from a Plackett–Burman plan. */
const screen = z.strictObject({
  metric: z.enum(metricNames),
  runs: count,
  /** Blocks in which every run has a valid trial. */
  blocks: count,
  effects: z.array(
    z.strictObject({
      arm: z.string(),
      knob: z.string(),
      /** Alternative ÷ default, with a 95 % interval; absent where too few blocks are complete. */
      ratio: z.number().positive().optional(),
      low: z.number().positive().optional(),
      high: z.number().positive().optional(),
      /** Whether it was measured in pairs after the screen. */
      isKept: z.boolean(),
    }),
  ),
})
export type Screen = z.infer<typeof screen>

/** A setting of the host that tuning guides change: read, never changed. */
const hostSetting = z.strictObject({
  name: z.string(),
  advice: z.string(),
  source: z.string(),
  /** The value now, and the one that guides advise. */
  now: z.string(),
  advised: z.string(),
  /** The command that would change it. */
  change: z.string(),
})

/** The answers of `lb tune`. */
export const tune = z.strictObject({
  target: z.string(),
  knobs: z.array(turnedKnob),
  /** The arm that differs from the default in its name only. */
  twin: turnedKnob.optional(),
  skipped: z.array(skippedKnob),
  screen: screen.optional(),
  /** Arms with two knobs ÷ the product of both alone: what they do together beyond that. */
  interactions: z.array(comparison).optional(),
  host: z.array(hostSetting).optional(),
})
export type Tune = z.infer<typeof tune>
