import { z } from 'zod'
import { bounds } from '../../kit/bounds.ts'
import { field, fields, seconds } from '../fields.ts'
import type { Stage } from './load-plan.ts'
import { type Level, levelOf, levelRemedy } from './stage-text.ts'

const level = field(levelOf, levelRemedy)

const stage = fields({
  name: z
    .string('give text')
    .regex(/^\S(?:.*\S)?$/, 'give a name of one line')
    .optional()
    .describe('Name in reports and thresholds. Without it: `stage 1`, `stage 2`.'),
  for: seconds('above 0').describe('Length of the stage.'),
  to: level
    .optional()
    .describe(
      'Level at its end, to which it rises or falls evenly from that of the stage before, or from 0.',
    ),
  at: level.optional().describe('Level that it keeps, in place of `to`.'),
}).superRefine(({ to, at }, context) => {
  if ((to === undefined) === (at === undefined)) {
    context.addIssue({ code: 'custom', message: 'give either to (a ramp) or at (a hold)' })
  }
})

/** A stage as written, in a file or in flags. */
export interface WrittenStage {
  readonly name?: string | undefined
  readonly for: number
  readonly to?: Level | undefined
  readonly at?: Level | undefined
}

/** The field `load` of a scenario. */
export const loadField = fields({
  stages: z
    .array(stage, 'list the stages, such as - { for: 1m, to: 100/s }')
    .min(1, 'list at least one stage')
    .max(bounds.listed, `list ${bounds.listed} or fewer`)
    .superRefine((stages, context) => {
      const names = stages.map(({ name }) => name)
      for (const [i, name] of names.entries()) {
        if (name === undefined || names.indexOf(name) === i) continue
        context.addIssue({
          code: 'custom',
          path: [i, 'name'],
          message: 'another stage has this name',
        })
      }
    })
    .transform(chained)
    .describe('The stages, in the order in which they run.'),
  spacing: z
    .enum(['poisson', 'constant'], 'give poisson or constant')
    .default('poisson')
    .describe('Gaps between visits of the open model: random as of independent visitors, or even.'),
})

/** Stages that begin where the one before ended, or at 0 where the model changes. */
export function chained(written: readonly WrittenStage[]): Stage[] {
  let before: Level | undefined
  return written.map(({ name = '', for: time, to, at }, i) => {
    const { model, level: end } = (at ?? to) as Level
    const begin = at?.level ?? (before?.model === model ? before.level : 0)
    before = { model, level: end }
    return {
      name: name === '' ? `stage ${i + 1}` : name,
      ...{ seconds: time, model, from: begin, to: end },
    }
  })
}
