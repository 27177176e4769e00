import { type Allowances, defaultAllowances } from './budget.ts'

const unlimited = { burst: Number.POSITIVE_INFINITY, perSecond: 0 }

/** For programs that measure: no number of frames ends a connection. */
export const unlimitedAllowances = Object.fromEntries(
  Object.keys(defaultAllowances).map((kind) => [kind, unlimited]),
) as unknown as Allowances
