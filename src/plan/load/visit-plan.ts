import { z } from 'zod'
import { requestMethod } from '../request-method.ts'

const texts = z.record(z.string(), z.string())

const check = z.strictObject({
  text: z.string(),
  subject: z.union([
    z.strictObject({ kind: z.enum(['status', 'time', 'body']) }),
    z.strictObject({ kind: z.literal('header'), name: z.string() }),
    z.strictObject({ kind: z.literal('json'), pointer: z.string() }),
  ]),
  test: z.union([
    z.strictObject({
      kind: z.enum(['is', 'is not', 'contains', 'matches']),
      value: z.string(),
    }),
    z.strictObject({ kind: z.literal('exists') }),
    z.strictObject({ kind: z.enum(['<', '<=', '>', '>=']), value: z.number() }),
  ]),
})

const capture = z.union([
  z.strictObject({ kind: z.literal('json'), pointer: z.string() }),
  z.strictObject({ kind: z.enum(['header', 'cookie']), name: z.string() }),
  z.strictObject({ kind: z.literal('regex'), pattern: z.string() }),
])

/** A request of a journey: RequestStep in src/plan/load/load-plan.ts. */
const requestStep = z.strictObject({
  kind: z.literal('request'),
  name: z.string(),
  method: requestMethod,
  url: z.string(),
  headers: texts,
  body: z
    .union([
      z.strictObject({ kind: z.enum(['text', 'json']), text: z.string() }),
      z.strictObject({ kind: z.literal('form'), fields: texts }),
    ])
    .optional(),
  checks: z.array(check).readonly(),
  captures: z.record(z.string(), capture),
})

const pauseStep = z.strictObject({
  kind: z.literal('pause'),
  /** Seconds. */
  pause: z.union([
    z.strictObject({ kind: z.literal('fixed'), seconds: z.number().nonnegative() }),
    z.strictObject({ kind: z.literal('exponential'), mean: z.number().positive() }),
    z.strictObject({
      kind: z.literal('uniform'),
      from: z.number().nonnegative(),
      to: z.number().nonnegative(),
    }),
  ]),
})

/** Visits in place of single requests: the journeys that they take, and the data files whose rows they use. */
export const visitPlan = z.strictObject({
  journeys: z
    .array(
      z.strictObject({
        name: z.string(),
        /** Share of the visits relative to the other journeys. */
        weight: z.number().positive(),
        steps: z.array(z.union([requestStep, pauseStep])).readonly(),
      }),
    )
    .min(1)
    .readonly(),
  /** By the name that templates use. */
  data: z.record(
    z.string(),
    z.strictObject({
      /** Absolute path. */
      file: z.string(),
      format: z.enum(['csv', 'jsonl']),
      order: z.enum(['sequential', 'random', 'once']),
    }),
  ),
})
export type VisitPlan = z.infer<typeof visitPlan>
