/** The state of a backend by its active checks. */
export interface CheckState {
  readonly up: boolean
  /** Consecutive checks with the opposite result. */
  readonly contrary: number
}

/** How many consecutive checks change the state: `rise` to up, `fall` to down (HAProxy's words). */
export interface RiseFall {
  readonly rise: number
  readonly fall: number
}

/** Up, but the first failed check takes it down: a balancer that starts must not wait for `rise` checks. */
export function presumedUp({ fall }: RiseFall): CheckState {
  return { up: true, contrary: fall - 1 }
}

/** Down until the first check passes: a backend that is added has no traffic to lose. */
export function presumedDown({ rise }: RiseFall): CheckState {
  return { up: false, contrary: rise - 1 }
}

/** The state after one more check. */
export function afterCheck(
  { up, contrary }: CheckState,
  passed: boolean,
  { rise, fall }: RiseFall,
): CheckState {
  if (passed === up) return { up, contrary: 0 }
  const needed = up ? fall : rise
  return contrary + 1 >= needed ? { up: passed, contrary: 0 } : { up, contrary: contrary + 1 }
}
