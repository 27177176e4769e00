import { z } from 'zod'
import { bottleneckReasons } from './reasons/bottleneck-reasons.ts'
import { estimateReasons } from './reasons/estimate-reasons.ts'
import { gateReasons } from './reasons/gate-reasons.ts'
import { runReasons } from './reasons/run-reasons.ts'
import { trialReasons } from './reasons/trial-reasons.ts'

/** Every code, with the schema of its values; in base units, and without sentences. */
const schemas = {
  ...trialReasons,
  ...bottleneckReasons,
  ...estimateReasons,
  ...runReasons,
  ...gateReasons,
} as const

/** Names what was found. Its meaning is in the comment of its schema. */
export type ReasonCode = keyof typeof schemas

/** The values that belong to a code. */
export type ReasonValues<Code extends ReasonCode> = z.infer<(typeof schemas)[Code]>

/**
 * Why a result is as it is, or what qualifies it: data, never a sentence. reports/sections/reasons.ts words it.
 */
export type Reason = {
  [Code in ReasonCode]: { code: Code; values: ReasonValues<Code> }
}[ReasonCode]

const [first, ...others] = Object.entries(schemas).map(([code, values]) =>
  z.strictObject({ code: z.literal(code), values }),
)

/** Schema of a reason. */
export const reason = z.discriminatedUnion('code', [
  first as NonNullable<typeof first>,
  ...others,
]) as unknown as z.ZodType<Reason>
