import type { Reason, ReasonCode } from '../../src/result/reason.ts'
import { bottleneckWordings } from './reasons/bottleneck-wordings.ts'
import { estimateWordings } from './reasons/estimate-wordings.ts'
import { gateWordings } from './reasons/gate-wordings.ts'
import { runWordings } from './reasons/run-wordings.ts'
import { trialWordings } from './reasons/trial-wordings.ts'
import type { Wordings } from './reasons/wording.ts'

const wordings: Wordings<ReasonCode> = {
  ...trialWordings,
  ...bottleneckWordings,
  ...estimateWordings,
  ...runWordings,
  ...gateWordings,
}

/** Numbers that name a thing: reasons that differ in them are about different things. */
const names: readonly string[] = ['backend', 'number']

/** Common key of reasons that one clause can word: the code, and every value that is no plain number. */
export function reasonKey({ code, values }: Reason): string {
  const identifying = Object.entries(values).filter(
    ([name, value]) => typeof value !== 'number' || names.includes(name),
  )
  return JSON.stringify([code, identifying.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

/** A reason as a clause without a capital and without a full stop. */
export function reasonWords(reason: Reason): string {
  return wordTogether([reason])
}

/** Reasons of one key as one clause, with the range of each number. */
export function wordTogether(reasons: readonly [Reason, ...Reason[]]): string {
  // Reasons of one key have one code, which the type of a union of functions cannot say.
  const word = wordings[reasons[0].code] as (values: readonly Reason['values'][]) => string
  return word(reasons.map(({ values }) => values))
}

/** A clause as a sentence: with a capital and a full stop. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
}

/** A clause for each key, in the order in which they first appear. */
export function reasonLines(reasons: readonly Reason[]): string[] {
  return [...Map.groupBy(reasons, reasonKey).values()].map((group) =>
    wordTogether(group as [Reason, ...Reason[]]),
  )
}
