/**
 * Kinds of frames that are cheap to send and costly to receive. Each has a budget; a peer that exceeds one loses
 * the connection (ENHANCE_YOUR_CALM; RFC 9113, section 10.5).
 */
export const budgetKind = {
  /** Streams that ended by RST_STREAM or a refusal, from either side: CVE-2023-44487, CVE-2025-8671. */
  reset: 0,
  /** SETTINGS: CVE-2019-9515. */
  settings: 1,
  /** PING; replenished by the data that is sent: CVE-2019-9512. */
  ping: 2,
  /** DATA, HEADERS and CONTINUATION that are empty and end nothing: CVE-2019-9518. */
  empty: 3,
  /** PRIORITY and frames of unknown types: CVE-2019-9513. */
  ignored: 4,
  /** WINDOW_UPDATE; replenished by the data that is sent: CVE-2019-9511. */
  windowUpdate: 5,
  /** Frames for streams that are closed. */
  closedStream: 6,
} as const

/** Frames of a kind that a connection may send at once, and further frames per second. */
interface Allowance {
  readonly burst: number
  readonly perSecond: number
}

/** The allowance of each kind. */
export type Allowances = { readonly [Kind in keyof typeof budgetKind]: Allowance }

/** Allowances far above the needs of browsers, gRPC and load generators. */
export const defaultAllowances: Allowances = {
  reset: { burst: 1000, perSecond: 33 },
  settings: { burst: 100, perSecond: 5 },
  ping: { burst: 500, perSecond: 50 },
  empty: { burst: 200, perSecond: 20 },
  ignored: { burst: 1000, perSecond: 100 },
  windowUpdate: { burst: 2000, perSecond: 200 },
  closedStream: { burst: 2000, perSecond: 200 },
}

/** The remaining budget of each kind, by `budgetKind`. */
export interface Budgets {
  readonly left: Float64Array
  readonly allowances: Allowances
}

const kinds = Object.keys(budgetKind) as (keyof typeof budgetKind)[]

/** Full budgets. */
export function newBudgets(allowances: Allowances): Budgets {
  const left = new Float64Array(kinds.length)
  kinds.forEach((kind, index) => {
    left[index] = allowances[kind].burst
  })
  return { left, allowances }
}

/** Takes one from the budget of a kind. Returns false if it was used up. */
export function spend({ left }: Budgets, kind: number): boolean {
  const rest = (left[kind] as number) - 1
  left[kind] = rest
  return rest >= 0
}

/** Adds to the budget of a kind, up to its burst. */
export function giveBack({ left, allowances }: Budgets, kind: number, amount: number): void {
  const { burst } = allowances[kinds[kind] as keyof Allowances]
  left[kind] = Math.min((left[kind] as number) + amount, burst)
}

/** Replenishes all budgets for a number of seconds. */
export function replenish(budgets: Budgets, seconds: number): void {
  kinds.forEach((kind, index) => {
    giveBack(budgets, index, seconds * budgets.allowances[kind].perSecond)
  })
}
